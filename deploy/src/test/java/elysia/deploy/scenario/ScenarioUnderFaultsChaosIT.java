package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.git.Corpora;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.weaviate.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Five code bases, and what happens to them, against a Weaviate that has every fault: 200 in all.
/// `-Delysia.fault.seed=N` repeats the faults of another run.
@Tag("chaos")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScenarioUnderFaultsChaosIT extends Scenario {
  private static final int FAULTS = 200;
  private static final double PROBABILITY = 0.015;

  @RegisterExtension
  final StoreFaults faults = new StoreFaults();

  @Override
  NodeProcess node(Path folder) throws IOException {
    return faults.node(folder,
        store -> store.addAll(StoreFaults.seed(System.nanoTime()), PROBABILITY, FAULTS / 5));
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void indexIsExactAfterTwoHundredFaults() throws IOException {
    while (faults.met() < FAULTS)
      new IndexCheck(node()).verifiedByApi(Corpora.OKIO.label());
    assertThat(faults.store().met().keySet()).containsExactlyInAnyOrder(Kind.values());
    faults.allExact(node(), byName(), MAX_SIZE);
  }
}
