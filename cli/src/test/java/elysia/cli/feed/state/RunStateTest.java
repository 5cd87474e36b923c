package elysia.cli.feed.state;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.cli.feed.input.Inputs;
import elysia.core.change.LinePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStateTest {
  private static final Inputs.Identity INPUT = new Inputs.Identity("hash", 100, 10, 100);

  @TempDir
  Path folder;

  private RunState take() {
    return RunState.take(folder, folder.resolve("state.json"), RunStateTest::fail).orElseThrow();
  }

  private static void fail(IOException e) {
    throw new AssertionError(e);
  }

  private static ResumePoint begin(RunState state, Inputs.Identity input) {
    return begin(state, input, 100);
  }

  private static ResumePoint begin(RunState state, Inputs.Identity input, int batchSize) {
    return state.begin("changes.jsonl", Optional.of(input), "code", batchSize, 4, Instant.EPOCH);
  }

  @Test
  void runThatDiesInItsFirstBatchIsGoneOnWithUnderItsName() {
    String name;
    try (RunState state = take()) {
      begin(state, INPUT);
      name = state.runId();
    }
    try (RunState state = take()) {
      assertThat(begin(state, INPUT).after().line()).isZero();
      assertThat(state.runId()).isEqualTo(name);
    }
  }

  @Test
  void whatMayHaveBeenSentIsCutInBatchesOfTheSizeOfTheTimeBefore() {
    try (RunState state = take()) {
      assertThat(begin(state, INPUT, 10).again(1)).isFalse();
      state.advance(new LinePosition(20, 0, 200));
      ResumePoint start = begin(state, INPUT, 3);
      assertThat(start.batchSize()).isEqualTo(10);
      assertThat(start.again(60)).isTrue();
      assertThat(start.again(61)).isFalse();
    }
  }

  @Test
  void failuresOfABatchThatIsLookedAtAgainAreForgotten() {
    try (RunState state = take()) {
      begin(state, INPUT);
      state.failed(3, "a", "no");
      state.advance(new LinePosition(5, 0, 50));
      state.failed(7, "b", "no");
      state.end("stopped", Instant.EPOCH);
      assertThat(begin(state, INPUT).failed()).isEqualTo(1);
      assertThat(state.failures()).hasSize(1);
      assertThat(state.failedLines()).isEqualTo(1);
    }
  }

  @Test
  void onlyAFinishedInputHasMovesThatCannotBeDoneTwice() {
    try (RunState state = take()) {
      begin(state, INPUT);
      state.moved(2);
      state.moved(1);
      state.advance(new LinePosition(6, 0, 60));
      assertThat(state.moves(Optional.of(INPUT), "code")).isZero();
      state.end("done", Instant.EPOCH);
      assertThat(state.moves(Optional.of(INPUT), "code")).isEqualTo(3);
      assertThat(state.moves(Optional.of(INPUT), "other")).isZero();
      assertThat(state.moves(Optional.empty(), "code")).isZero();
    }
  }

  @Test
  void runThatIsGivenUpForAnotherInputIsNamed() {
    try (RunState state = take()) {
      assertThat(state.givenUp(Optional.of(INPUT), "code")).isEmpty();
      begin(state, INPUT);
      state.advance(new LinePosition(5, 0, 50));
      assertThat(state.givenUp(Optional.of(INPUT), "code")).isEmpty();
      assertThat(state.givenUp(Optional.empty(), "code"))
          .contains("changes.jsonl into code, done up to line 5");
      state.end("done", Instant.EPOCH);
      assertThat(state.givenUp(Optional.empty(), "code")).isEmpty();
    }
  }

  @Test
  void otherInputAndInputThatWasDoneBeginNewRuns() {
    try (RunState state = take()) {
      begin(state, INPUT);
      String first = state.runId();
      begin(state, new Inputs.Identity("another", 100, 10, 100));
      String second = state.runId();
      state.end("done", Instant.EPOCH);
      begin(state, new Inputs.Identity("another", 100, 10, 100));
      assertThat(state.runId()).isNotEqualTo(second);
      assertThat(second).isNotEqualTo(first);
    }
  }
}
