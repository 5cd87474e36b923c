package elysia.worker.pipeline;

import static elysia.worker.pipeline.Rig.index;
import static elysia.worker.pipeline.Rig.move;
import static elysia.worker.pipeline.Rig.text;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.batch.Batch;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.worker.pipeline.BatchProcessorTest.Faults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovesTest {
  private record Case(List<FileTask> tasks, Map<String, String> after) {}

  private static final Map<String, String> BEFORE = Map.of("a", text("one"), "b", text("two"), "c",
      text("three") + text("more"));

  private static final List<Case> CASES = List.of(
      new Case(List.of(move("a", "d")),
          Map.of("d", text("one"), "b", text("two"), "c", text("three") + text("more"))),
      new Case(List.of(move("a", "c")), Map.of("c", text("one"), "b", text("two"))),
      new Case(List.of(move("a", "d"), move("d", "e")),
          Map.of("e", text("one"), "b", text("two"), "c", text("three") + text("more"))),
      new Case(List.of(move("b", "d"), move("a", "b")),
          Map.of("d", text("two"), "b", text("one"), "c", text("three") + text("more"))),
      new Case(List.of(move("a", "d"), index("a", text("new"))),
          Map.of("a", text("new"), "d", text("one"), "b", text("two"), "c",
              text("three") + text("more"))),
      new Case(List.of(index("d", text("new")), move("d", "e"), move("b", "d"), Rig.remove("a")),
          Map.of("e", text("new"), "d", text("two"), "c", text("three") + text("more"))));

  @Test
  void aFileMovesWithItsVectors() {
    for (Case each : CASES) {
      Rig rig = rig();
      Batch batch = rig.batch(each.tasks().toArray(FileTask[]::new));
      assertThat(Rig.result(rig.process(batch)).failures()).isEmpty();
      rig.holds(each.after());
    }
  }

  @Test
  void aMoveThatWasDoneIsNotDoneAgain() {
    for (Case each : CASES) {
      Rig rig = rig();
      Batch batch = rig.batch(each.tasks().toArray(FileTask[]::new));
      rig.process(batch);
      assertThat(Rig.result(rig.process(batch.asRedelivered())).failures()).as("%s", each)
          .isEmpty();
      rig.holds(each.after());
    }
  }

  @Test
  void aMoveThatWasCutOffIsFinished() {
    for (Case each : CASES)
      for (int first = 1; first <= 14; first++)
        for (boolean done : new boolean[]{false, true}) {
          Rig rig = rig();
          Faults faults = new Faults(first, first + 3, done);
          rig.store.failing(faults::at);
          BatchResult result = rig.deliver(rig.batch(each.tasks().toArray(FileTask[]::new)));
          assertThat(result.failures()).as("%s cut off at %s", each, first).isEmpty();
          rig.holds(each.after());
        }
  }

  @Test
  void thereMustBeSomethingToMove() {
    Rig rig = rig();
    BatchResult result = Rig.result(rig.process(rig.batch(move("x", "y"), move("a", "d"))));
    assertThat(result.failures()).singleElement()
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo("nothing_to_move"));
    assertThat(result.counts().filesFailed()).isEqualTo(1);
  }

  @Test
  void filesThatChangePlacesAreNotMovedASecondTime() {
    Rig rig = rig();
    Batch swap = rig.batch(move("a", "t"), move("b", "a"), move("t", "b"));
    assertThat(Rig.result(rig.process(swap)).failures()).isEmpty();
    Map<String, String> after = Map.of("a", text("two"), "b", text("one"), "c",
        text("three") + text("more"));
    rig.holds(after);
    assertThat(Rig.result(rig.process(swap.asRedelivered())).failures()).isNotEmpty()
        .allSatisfy(failure -> assertThat(failure.reason()).isEqualTo("move_unclear"));
    rig.holds(after);
  }

  @Test
  void moveOfAFileThatNeverWasHidesNoOtherThatIsStillToDo() {
    Rig rig = rig();
    BatchResult result = Rig
        .result(rig.process(rig.batch(move("a", "d"), move("x", "b")).asRedelivered()));
    assertThat(result.failures()).isEmpty();
    rig.holds(Map.of("d", text("one"), "b", text("two"), "c", text("three") + text("more")));
  }

  private static Rig rig() {
    Rig rig = new Rig();
    BEFORE.forEach((path, text) -> rig.done(index(path, text)));
    return rig;
  }
}
