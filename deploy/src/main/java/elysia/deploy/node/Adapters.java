package elysia.deploy.node;

import com.typesafe.config.Config;
import elysia.coordinator.git.GitSettings;
import elysia.coordinator.git.GitSource;
import elysia.coordinator.mgit.MgitSettings;
import elysia.coordinator.mgit.MgitSource;
import elysia.core.source.Source;
import elysia.git.process.Commands;
import elysia.worker.WorkerSettings;
import java.nio.file.Path;

/// Chooses the adapters that the configuration asks for.
final class Adapters {
  private Adapters() {}

  static WorkerSettings workers(Config config) {
    Config node = config.getConfig("elysia.node");
    return new WorkerSettings(node.getString("store"), node.getString("embedder"),
        node.getDuration("constant-embedder-cost"), node.getInt("workers"));
  }

  static Source source(Config config, Path home, Commands commands) {
    GitSource git = new GitSource(home.resolve("clones"), GitSettings.from(config), commands);
    return MgitSource.over(git, home.resolve("mgit"), MgitSettings.from(config), commands);
  }
}
