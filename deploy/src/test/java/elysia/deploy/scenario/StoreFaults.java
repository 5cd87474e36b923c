package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.deploy.harness.FaultyStore;
import elysia.deploy.harness.Finished;
import elysia.deploy.harness.GitRepository;
import elysia.deploy.harness.IndexCheck;
import elysia.deploy.harness.NodeProcess;
import elysia.deploy.harness.StoreFileCheck;
import elysia.worker.weaviate.fault.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A store that fails, the node that uses it, and what must be so when the faults are over.
final class StoreFaults implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreFaults.class);
  private final FaultyStore store;

  StoreFaults(Path folder) throws IOException {
    store = FaultyStore.start(folder.resolve("store"));
  }

  /// From `-Delysia.fault.seed=N`.
  ///
  /// @param otherwise
  ///          when none is given
  static long seed(long otherwise) {
    long seed = Long.getLong("elysia.fault.seed", otherwise);
    LOG.info("seed of the faults: {}", seed);
    return seed;
  }

  FaultyStore store() {
    return store;
  }

  NodeProcess node(Path folder) throws IOException {
    return new NodeProcess(folder, Map.of()).configured(store.settings()).patient();
  }

  long met() {
    Map<Kind, Integer> met = store.met();
    LOG.info("faults met: {}", met);
    return met.values().stream().mapToLong(Integer::longValue).sum();
  }

  /// The command line and a comparison of its own say that the store holds just these trees.
  void allExact(NodeProcess node, Map<String, GitRepository> repositories, long maxSize)
      throws IOException {
    store.clear();
    String one = repositories.keySet().iterator().next();
    Finished verified = node.cli("repo", "verify", one, "--deep");
    assertThat(verified.exit()).as(one + ": " + verified + "\n" + node.tail()).isZero();
    IndexCheck index = new IndexCheck(node);
    for (String name : repositories.keySet())
      index.verifiedByApi(name, true);
    StoreFileCheck check = StoreFileCheck.of(store);
    repositories.forEach((name, git) -> check.equalsTree(name, git, git.head(), maxSize));
  }

  @Override
  public void close() {
    store.close();
  }
}
