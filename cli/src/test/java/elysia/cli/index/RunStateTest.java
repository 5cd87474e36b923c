package elysia.cli.index;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStateTest {
  private static final Inputs.Identity INPUT = new Inputs.Identity("hash", 100, 10);

  @TempDir
  Path folder;

  private RunState take() {
    return RunState.take(folder, folder.resolve("state.json"), RunStateTest::fail).orElseThrow();
  }

  private static void fail(IOException e) {
    throw new AssertionError(e);
  }

  private static Place begin(RunState state, Inputs.Identity input) {
    return state.begin("changes.jsonl", Optional.of(input), "code", Instant.EPOCH);
  }

  @Test
  void runThatDiesInItsFirstBatchIsGoneOnWithUnderItsName() {
    String name;
    try (RunState state = take()) {
      begin(state, INPUT);
      name = state.runId();
    }
    try (RunState state = take()) {
      assertThat(begin(state, INPUT).line()).isZero();
      assertThat(state.runId()).isEqualTo(name);
    }
  }

  @Test
  void otherInputAndInputThatWasDoneBeginNewRuns() {
    try (RunState state = take()) {
      begin(state, INPUT);
      String first = state.runId();
      begin(state, new Inputs.Identity("another", 100, 10));
      String second = state.runId();
      state.end("done", Instant.EPOCH);
      begin(state, new Inputs.Identity("another", 100, 10));
      assertThat(state.runId()).isNotEqualTo(second);
      assertThat(second).isNotEqualTo(first);
    }
  }
}
