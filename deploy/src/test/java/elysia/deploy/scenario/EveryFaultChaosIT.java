package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.node.FaultyStore;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.weaviate.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every kind of change against a Weaviate that has one fault, often: each fault in its turn.
/// `-Delysia.fault.seed=N` repeats the faults of another run.
@Tag("chaos")
class EveryFaultChaosIT {
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class Under extends EveryChange {
    @RegisterExtension
    final StoreFaults faults = new StoreFaults();
    private final Kind kind;

    Under(Kind kind) {
      this.kind = kind;
    }

    @Override
    NodeProcess node(Path folder) throws IOException {
      return faults.node(folder, store -> store.add(FaultyStore.sometimes(kind, switch (kind) {
        case DONE_BUT_LATE -> 0.005; // costs seconds
        case SLOW, RATE_LIMIT -> 0.05;
        default -> 0.2;
      }, StoreFaults.seed(System.nanoTime()))));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void indexIsExactAfterwards() throws IOException {
      assertThat(faults.met()).isPositive();
      assertThat(faults.store().met().keySet()).containsExactly(kind);
      faults.allExact(node(), repositories(), MAX_SIZE);
    }
  }

  @Test
  void everyFaultHasItsTurn() {
    assertThat(Arrays.stream(EveryFaultChaosIT.class.getDeclaredClasses())
        .filter(c -> c.isAnnotationPresent(Nested.class))).hasSameSizeAs(Kind.values());
  }

  @Nested
  class RateLimit extends Under {
    RateLimit() {
      super(Kind.RATE_LIMIT);
    }
  }

  @Nested
  class Unavailable extends Under {
    Unavailable() {
      super(Kind.UNAVAILABLE);
    }
  }

  @Nested
  class OutOfMemory extends Under {
    OutOfMemory() {
      super(Kind.OUT_OF_MEMORY);
    }
  }

  @Nested
  class ReadOnly extends Under {
    ReadOnly() {
      super(Kind.READ_ONLY);
    }
  }

  @Nested
  class ObjectsFail extends Under {
    ObjectsFail() {
      super(Kind.OBJECTS_FAIL);
    }
  }

  @Nested
  class KeptUnindexed extends Under {
    KeptUnindexed() {
      super(Kind.KEPT_UNINDEXED);
    }
  }

  @Nested
  class DoneButLate extends Under {
    DoneButLate() {
      super(Kind.DONE_BUT_LATE);
    }
  }

  @Nested
  class Slow extends Under {
    Slow() {
      super(Kind.SLOW);
    }
  }

  @Nested
  class HalfBatch extends Under {
    HalfBatch() {
      super(Kind.HALF_BATCH);
    }
  }

  @Nested
  class WrongJson extends Under {
    WrongJson() {
      super(Kind.WRONG_JSON);
    }
  }

  @Nested
  class HalfAnswer extends Under {
    HalfAnswer() {
      super(Kind.HALF_ANSWER);
    }
  }

  @Nested
  class MissingResults extends Under {
    MissingResults() {
      super(Kind.MISSING_RESULTS);
    }
  }

  @Nested
  class Reset extends Under {
    Reset() {
      super(Kind.RESET);
    }
  }
}
