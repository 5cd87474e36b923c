package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import elysia.testkit.weaviate.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same changes against a Weaviate that fails in every way that it knows, again and again.
/// `-Delysia.fault.seed=N` repeats the faults of another run.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryChangeUnderFaultsIT extends EveryChange {
  private static final int FAULTS = 40;
  private static final double PROBABILITY = 0.01;
  private static final int MOST = 8;
  private static final int AFTER_THE_CHANGES = Order.DEFAULT + 1;

  @RegisterExtension
  final StoreFaults faults = new StoreFaults();

  @Override
  NodeProcess node(Path folder) throws IOException {
    return faults.node(folder, store -> store.addAll(StoreFaults.seed(11), PROBABILITY, MOST));
  }

  @Test
  @Order(AFTER_THE_CHANGES)
  void indexIsExactAfterAllFaults() throws IOException {
    assertThat(faults.met()).isGreaterThanOrEqualTo(FAULTS);
    assertThat(faults.store().met().keySet()).containsExactlyInAnyOrder(Kind.values());
    faults.allExact(node(), repositories(), MAX_SIZE);
  }

  @Test
  @Order(AFTER_THE_CHANGES + 1)
  void killedStoreThatLostItsNewestVectorsIsMended() throws IOException {
    faults.store().clear();
    faults.store().kill();
    faults.store().startAgain();
    String name = "lineEndsAndCharsets";
    faults.store().loseNewest("LineEndsAndCharsets", 3);
    assertThat(node().cli("repo", "verify", name).exit()).isZero();
    Finished deep = node().cli("repo", "verify", name, "--deep");
    assertThat(deep.exit()).as(deep.toString()).isEqualTo(1);
    assertThat(deep.text()).contains("3 unsearchable");
    assertThat(deep.errors()).contains("--deep --repair");
    node().ok("repo", "verify", name, "--deep", "--repair");
    faults.allExact(node(), Map.of(name, Optional.ofNullable(repositories().get(name))
        .orElseThrow()), MAX_SIZE);
  }
}
