package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.deploy.harness.FaultyStore;
import elysia.deploy.harness.NodeProcess;
import elysia.worker.weaviate.fault.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Every kind of change against a Weaviate that has one fault, often: each fault in its turn.
@Tag("chaos")
@ParameterizedClass
@EnumSource(Kind.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryFaultChaosIT extends EveryChange {
  @Parameter
  Kind kind = Kind.RESET;
  private @Nullable StoreFaults faults;

  @Override
  NodeProcess node(Path folder) throws IOException {
    StoreFaults started = new StoreFaults(folder);
    faults = started;
    started.store().add(FaultyStore.sometimes(kind, switch (kind) {
      case DONE_BUT_LATE -> 0.005; // costs seconds
      case SLOW, RATE_LIMIT -> 0.05;
      default -> 0.2;
    }, StoreFaults.seed(System.nanoTime())));
    return started.node(folder);
  }

  private StoreFaults faults() {
    if (faults == null)
      throw new IllegalStateException("not started");
    return faults;
  }

  @AfterAll
  void endStore() {
    faults().close();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void indexIsExactAfterwards() throws IOException {
    assertThat(faults().met()).isPositive();
    faults().allExact(node(), repositories(), MAX_SIZE);
  }
}
