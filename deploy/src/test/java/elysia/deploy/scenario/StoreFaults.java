package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.index.StoreFileCheck;
import elysia.testkit.node.FaultyStore;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import elysia.testkit.weaviate.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A store that fails, the node that uses it, and what must be so when the faults are over. For
/// classes of tests that live as long as their node: registered with one, it ends the store.
final class StoreFaults implements AfterAllCallback {
  private static final Logger LOG = LoggerFactory.getLogger(StoreFaults.class);
  private @Nullable FaultyStore store;

  /// Starts the store and makes the node.
  ///
  /// @param faults gives the store its faults
  NodeProcess node(Path folder, Consumer<FaultyStore> faults) throws IOException {
    FaultyStore started = FaultyStore.start(folder.resolve("store"));
    store = started;
    faults.accept(started);
    return new NodeProcess(folder, Map.of()).configured(started.settings()).patient();
  }

  /// From `-Delysia.fault.seed=N`.
  ///
  /// @param otherwise when none is given
  static long seed(long otherwise) {
    long seed = Long.getLong("elysia.fault.seed", otherwise);
    LOG.info("seed of the faults: {}", seed);
    return seed;
  }

  FaultyStore store() {
    if (store == null)
      throw new IllegalStateException("not started");
    return store;
  }

  long met() {
    Map<Kind, Integer> met = store().met();
    LOG.info("faults met: {}", met);
    return met.values().stream().mapToLong(Integer::longValue).sum();
  }

  /// The command line and a comparison of its own say that the store holds just these trees.
  void allExact(NodeProcess node, Map<String, GitRepository> repositories, long maxSize)
      throws IOException {
    store().clear();
    String one = repositories.keySet().iterator().next();
    Finished verified = node.cli("repo", "verify", one, "--deep");
    assertThat(verified.exit()).as(one + ": " + verified + "\n" + node.tail()).isZero();
    IndexCheck index = new IndexCheck(node);
    for (String name : repositories.keySet())
      index.verifiedByApi(name, true);
    StoreFileCheck check = StoreFileCheck.of(store());
    repositories.forEach((name, git) -> check.equalsTree(name, git, git.head(), maxSize));
  }

  /// After the node has ended.
  @Override
  public void afterAll(ExtensionContext context) {
    if (store != null)
      store.close();
  }
}
