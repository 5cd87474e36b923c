package elysia.cli.server;

import elysia.cli.home.HomeNode;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `elysiactl server start`.
@Command(name = "start", description = "Start a node and return when it is ready")
public final class StartCommand implements Callable<Integer> {
  @Option(names = "--foreground", description = "run it here until Ctrl-C")
  boolean foreground;

  @Option(names = "--config", paramLabel = "FILE", description = "settings (HOCON)")
  @Nullable
  Path config;

  @Option(names = "--print-config", description = "show the settings in force, secrets masked, and end")
  boolean printConfig;

  private final Session session;

  public StartCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<String> options = new ArrayList<>();
    if (config != null)
      options.addAll(List.of("--config",
          session.environment().workingDirectory().resolve(config).normalize().toString()));
    if (printConfig)
      options.add("--print-config");
    if (foreground || printConfig)
      // the start script catches this itself unless a global option is before the command
      return session.homeNode().runInForeground(options);
    HomeNode.Running node = session.homeNode().start(options);
    if (!node.started())
      session.console().note("A node runs already in " + session.home());
    session.output().one(Map.of("pid", node.pid(), "url", node.url().toString()),
        () -> session.console().data(node.url() + " (pid " + node.pid() + ")"));
    return ExitCode.OK;
  }
}
