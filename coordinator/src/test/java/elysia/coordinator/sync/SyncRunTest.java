package elysia.coordinator.sync;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.batch.FileTask;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.repository.IndexingRules;
import elysia.core.source.SourceSpec;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.TestChunks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SyncRunTest {
  private static final SourceSpec SPEC = new SourceSpec(TestChunks.REPO, "/repo",
      Optional.empty(), Optional.empty());
  private static final CollectionName COLLECTION = new CollectionName("c");
  private static final BatchLimits LARGE = new BatchLimits(1_000, 1_000_000);

  private final FakeSource source = new FakeSource();
  private final FakeVectorStore store = new FakeVectorStore();

  SyncRunTest() {
    store.create(COLLECTION, TestChunks.MODEL).orElseThrow();
  }

  private static SyncPlan diff(String from, String to) {
    return plan(Optional.of(from), Optional.of(to), List.of(), Optional.empty());
  }

  private static SyncPlan listing(String to) {
    return plan(Optional.empty(), Optional.of(to), List.of(), Optional.empty());
  }

  private static SyncPlan plan(Optional<String> from, Optional<String> to, List<String> retry,
      Optional<Checkpoint> after) {
    return new SyncPlan(SPEC, COLLECTION, TestChunks.MODEL, IndexingRules.defaults(), from, to,
        retry.stream().map(FilePath::new).toList(), after, from.isEmpty());
  }

  private static SyncPlan withRules(SyncPlan p, IndexingRules rules) {
    return new SyncPlan(p.source(), p.collection(), p.model(), rules, p.from(), p.to(), p.retry(),
        p.after(), p.orphans());
  }

  private static SyncPlan after(SyncPlan p, Checkpoint mark) {
    return new SyncPlan(p.source(), p.collection(), p.model(), p.rules(), p.from(), p.to(),
        p.retry(), Optional.of(mark), p.orphans());
  }

  /// What a run gives out, a `drain` between batches where it asks for one.
  private List<PlannedBatch> batches(SyncPlan plan, BatchLimits limits) {
    return steps(plan, limits).stream().filter(SyncRun.Step.Ready.class::isInstance)
        .map(step -> ((SyncRun.Step.Ready) step).batch()).toList();
  }

  private List<SyncRun.Step> steps(SyncPlan plan, BatchLimits limits) {
    try (SyncRun run = new SyncRun(plan, source, store, limits)) {
      List<SyncRun.Step> steps = new ArrayList<>();
      while (true) {
        SyncRun.Step step = run.next().orElseThrow();
        steps.add(step);
        if (step instanceof SyncRun.Step.End)
          return steps;
      }
    } finally {
      assertThat(source.open()).isZero();
    }
  }

  private static List<String> shown(List<SyncRun.Step> steps) {
    return steps.stream().map(step -> switch (step) {
      case SyncRun.Step.Ready(var batch) -> shown(batch);
      case SyncRun.Step.Drain _ -> "drain";
      case SyncRun.Step.End _ -> "end";
    }).toList();
  }

  private static String shown(PlannedBatch batch) {
    return String.join(" ", batch.tasks().stream().map(task -> switch (task) {
      case FileTask.Index(var path, var content, _) ->
        "+" + path + "=" + new String(content.bytes(), StandardCharsets.UTF_8);
      case FileTask.Remove(var path) -> "-" + path;
      case FileTask.Move(var path, var to) -> path + ">" + to;
    }).toList());
  }

  private void stored(String... paths) {
    for (String path : paths) {
      StoredChunk chunk = TestChunks.chunk(COLLECTION, path, "x");
      store.write(COLLECTION, List.of(chunk), WriteMode.UPSERT).orElseThrow();
    }
  }

  @Test
  void everythingIsPutBeforeAnythingIsRemoved() {
    source.commit("1", Map.of("a", "1", "b", "1", "z", "1"))
        .commit("2", Map.of("b", "2", "c", "2", "z", "1"));
    assertThat(shown(steps(diff("1", "2"), LARGE))).containsExactly("+b=2 +c=2", "drain", "-a",
        "end");
  }

  @Test
  void failedFilesComeFirstAsTheyAreNow() {
    source.commit("1", Map.of("a", "1", "gone", "1")).commit("2", Map.of("a", "1", "b", "2"));
    SyncPlan plan = plan(Optional.of("1"), Optional.of("2"), List.of("gone", "a"),
        Optional.empty());
    List<SyncRun.Step> steps = steps(plan, LARGE);
    assertThat(shown(steps)).containsExactly("+a=1 -gone", "+b=2", "drain", "-gone", "end");
    assertThat(((SyncRun.Step.Ready) steps.getFirst()).batch().through())
        .contains(new Checkpoint(Checkpoint.Phase.RETRY, new FilePath("gone")));
  }

  @Test
  void batchesKeepToTheirLimits() {
    source.commit("1", Map.of("a", "123", "b", "123", "c", "1234567890", "d", "1", "e", "1", "f",
        "1", "g", "1"));
    assertThat(shown(steps(listing("1"), new BatchLimits(3, 6)))).containsExactly("+a=123 +b=123",
        "+c=1234567890", "+d=1 +e=1 +f=1", "+g=1", "drain", "end");
  }

  @Test
  void batchesSayWhatTheyCover() {
    source.commit("1", Map.of("a", "12", "big.bin", "x".repeat(50), "c", "3"));
    SyncPlan plan = withRules(listing("1"), new IndexingRules(List.of(), List.of(), 20));
    PlannedBatch batch = batches(plan, LARGE).getFirst();
    assertThat(shown(batch)).isEqualTo("+a=12 +c=3");
    assertThat(batch.files()).isEqualTo(3);
    assertThat(batch.bytes()).isEqualTo(3);
    assertThat(batch.skipped()).containsExactly(Map.entry("too_large", 1L));
    assertThat(batch.through()).contains(new Checkpoint(Checkpoint.Phase.PUT, new FilePath("c")));
  }

  @Test
  void fileThatTheRulesLeaveOutNowIsRemovedByADiff() {
    source.commit("1", Map.of("a", "1", "b.log", "1"))
        .commit("2", Map.of("a", "x".repeat(30), "b.log", "2", "c", "2"));
    SyncPlan plan = withRules(diff("1", "2"), new IndexingRules(List.of(), List.of("*.log"), 20));
    PlannedBatch batch = batches(plan, LARGE).getFirst();
    assertThat(shown(batch)).isEqualTo("-a -b.log +c=2");
    assertThat(batch.skipped()).containsOnly(Map.entry("too_large", 1L), Map.entry("pattern", 1L));
  }

  @Test
  void whatBecameALinkIsRemovedWithItsReason() {
    source.commit("1", Map.of("a", "1")).commit("2", Map.of()).odd("2", "a");
    List<PlannedBatch> batches = batches(diff("1", "2"), LARGE);
    assertThat(batches).hasSize(1);
    assertThat(shown(batches.getFirst())).isEqualTo("-a");
    assertThat(batches.getFirst().skipped()).containsExactly(Map.entry("not_a_file", 1L));
  }

  @Test
  void formerPathOfARenamedFileLeavesWithTheBatchThatBringsTheNewOne() {
    source.commit("1", Map.of("a", "1")).commit("2", Map.of("b", "1")).rename("2", "a", "b");
    assertThat(shown(steps(diff("1", "2"), LARGE))).containsExactly("+b=1 -a", "end");
  }

  @Test
  void formerPathThatAnotherFileHasTakenStays() {
    source.commit("1", Map.of("a", "A", "b", "B")).commit("2", Map.of("b", "A", "c", "B"))
        .rename("2", "a", "b").rename("2", "b", "c");
    for (int files : new int[]{1, 2}) {
      List<String> tasks = shown(steps(diff("1", "2"), new BatchLimits(files, 1_000)));
      assertThat(String.join(" ", tasks)).contains("+b=A", "+c=B", "-a").doesNotContain("-b");
    }
  }

  @Test
  void renamedFileThatTheRulesLeaveOutTakesItsFormerPathAlong() {
    source.commit("1", Map.of("a", "1")).commit("2", Map.of("b.log", "1")).rename("2", "a",
        "b.log");
    SyncPlan plan = withRules(diff("1", "2"), new IndexingRules(List.of(), List.of("*.log"), 20));
    assertThat(shown(steps(plan, LARGE))).containsExactly("-b.log -a", "end");
  }

  @Test
  void listingRemovesWhatTheIndexHasAndTheTreeHasNot() {
    source.commit("1", Map.of("a", "1", "b", "1", "big", "x".repeat(30))).odd("1", "link");
    stored("a", "old/1", "old/2", "old/3", "big", "link");
    SyncPlan plan = withRules(listing("1"), new IndexingRules(List.of(), List.of(), 20));
    List<SyncRun.Step> steps = steps(plan, new BatchLimits(3, 1_000));
    List<String> shown = shown(steps);
    assertThat(shown.subList(shown.lastIndexOf("drain") + 1, shown.size() - 1)).hasSize(2);
    assertThat(orphans(steps)).containsExactlyInAnyOrder("old/1", "old/2", "old/3", "big",
        "link");
    assertThat(shown.getLast()).isEqualTo("end");
  }

  private static List<String> orphans(List<SyncRun.Step> steps) {
    List<String> paths = new ArrayList<>();
    for (SyncRun.Step step : steps)
      if (step instanceof SyncRun.Step.Ready(var batch) && batch.through().isEmpty())
        batch.tasks().forEach(task -> paths.add(task.path().value()));
    return paths;
  }

  @Test
  void moreLeftoversThanOneLookupAreAllFound() {
    source.commit("1", Map.of("keep", "1"));
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 2_500; i++)
      chunks.add(TestChunks.chunk(COLLECTION, "old/" + i, "x"));
    store.write(COLLECTION, chunks, WriteMode.UPSERT).orElseThrow();
    stored("keep");
    assertThat(orphans(steps(listing("1"), LARGE))).hasSize(2_500).doesNotContain("keep");
  }

  @Test
  void repositoryWithoutCommitsLeavesTheIndexWhole() {
    stored("a", "b");
    SyncPlan plan = plan(Optional.empty(), Optional.empty(), List.of("a"), Optional.empty());
    assertThat(shown(steps(plan, LARGE))).containsExactly("drain", "-a -b", "end");
  }

  @Test
  void emptyTreeEndsAtOnce() {
    source.commit("1", Map.of());
    assertThat(shown(steps(plan(Optional.of("1"), Optional.of("1"), List.of(), Optional.empty()),
        LARGE))).containsExactly("end");
  }

  @Test
  void busyReadingIsPassedOnAndTheNextRunGoesOnAtTheMark() {
    source.commit("1", Map.of("a", "1", "b", "1", "c", "1", "d", "1")).busyAfter(2);
    try (SyncRun run = new SyncRun(listing("1"), source, store, new BatchLimits(1, 10))) {
      assertThat(run.next()).isInstanceOf(Outcome.Ok.class);
      assertThat(run.next()).isInstanceOf(Outcome.Ok.class);
      assertThat(run.next()).isInstanceOf(Outcome.Busy.class);
    }
    assertThat(
        shown(steps(after(listing("1"), new Checkpoint(Checkpoint.Phase.PUT, new FilePath("b"))),
            LARGE)))
        .containsExactly("+c=1 +d=1", "drain", "end");
  }

  @Test
  void commitThatIsGoneIsRefused() {
    source.commit("1", Map.of("a", "1"));
    try (SyncRun run = new SyncRun(listing("2"), source, store, LARGE)) {
      assertThat(run.next()).isInstanceOf(Outcome.Refused.class);
    }
  }

  @Test
  void storeThatCannotBeListedIsBusy() {
    source.commit("1", Map.of());
    store.failing(call -> call == FakeVectorStore.Call.LIST
        ? Optional.of(new FakeVectorStore.Fault("down", false))
        : Optional.empty());
    try (SyncRun run = new SyncRun(listing("1"), source, store, LARGE)) {
      assertThat(run.next().orElseThrow()).isInstanceOf(SyncRun.Step.Drain.class);
      assertThat(run.next()).isInstanceOf(Outcome.Busy.class);
    }
  }

  /// However a plan is cut, wherever it is broken off at a confirmed mark and however it is cut
  /// then: the index ends as the tree is, and each change before the mark is given out once.
  @Test
  void resumptionNeitherSkipsNorRepeatsWhateverTheLimitsWere() {
    for (int seed = 0; seed < 150; seed++) {
      RandomGenerator random = new Random(seed);
      Map<String, String> before = tree(random);
      Map<String, String> after = changed(before, random);
      FakeSource repository = new FakeSource().commit("1", before).commit("2", after);
      renames(before, after).forEach((to, from) -> repository.rename("2", from, to));
      List<String> retry = before.keySet().stream().filter(_ -> random.nextInt(4) == 0).toList();
      SyncPlan plan = plan(random.nextBoolean() ? Optional.of("1") : Optional.empty(),
          Optional.of("2"), retry, Optional.empty());
      List<String> whole = tasks(repository, plan, random, Integer.MAX_VALUE).tasks();
      int stop = random.nextInt(1 + whole.size());
      Part first = tasks(repository, plan, random, stop);
      SyncPlan rest = first.mark().map(mark -> after(plan, mark)).orElse(plan);
      List<String> both = new ArrayList<>(first.tasks());
      both.addAll(tasks(repository, rest, random, Integer.MAX_VALUE).tasks());
      assertThat(both).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(whole);
      assertThat(applied(plan.from().isPresent() ? before : Map.of(), both)).as("seed %s", seed)
          .isEqualTo(new TreeMap<>(after));
    }
  }

  private record Part(List<String> tasks, Optional<Checkpoint> mark) {}

  /// Tasks of the batches until at least so many are given out, and the mark there.
  private Part tasks(FakeSource repository, SyncPlan plan, RandomGenerator random, int atLeast) {
    List<String> tasks = new ArrayList<>();
    Optional<Checkpoint> mark = Optional.empty();
    BatchLimits limits = new BatchLimits(1 + random.nextInt(5), 1 + random.nextInt(12));
    try (SyncRun run = new SyncRun(plan, repository, store, limits)) {
      while (tasks.size() < atLeast) {
        SyncRun.Step step = run.next().orElseThrow();
        if (step instanceof SyncRun.Step.End)
          break;
        if (step instanceof SyncRun.Step.Ready(var batch)) {
          mark = batch.through();
          Checkpoint.Phase phase = batch.through().orElseThrow().phase();
          for (FileTask task : batch.tasks())
            tasks.add(phase + " " + shown(new PlannedBatch(Optional.empty(), List.of(task), 0, 0,
                Map.of())));
        }
      }
    }
    return new Part(tasks, mark);
  }

  private static Map<String, String> tree(RandomGenerator random) {
    Map<String, String> tree = new HashMap<>();
    for (int i = 0; i < 12; i++)
      if (random.nextBoolean())
        tree.put(name(i), "v" + random.nextInt(3));
    return tree;
  }

  private static String name(int i) {
    return List.of("a", "a/b", "a.b", "B", "é", "zz", "a-b/c", "k/l/m", "k", "\uD83D\uDE00", "_",
        "\uFB01").get(i);
  }

  private static Map<String, String> changed(Map<String, String> before, RandomGenerator random) {
    Map<String, String> after = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      String old = before.get(name(i));
      int what = random.nextInt(4);
      if (what == 0 && old != null)
        after.put(name(i), old);
      else if (what == 1)
        after.put(name(i), "w" + random.nextInt(3));
      else if (what == 2) // another file's content: a rename where that is gone
        before.values().stream().skip(random.nextInt(1 + before.size())).findFirst()
            .ifPresent(text -> after.put("moved" + random.nextInt(5), text));
    }
    return after;
  }

  private static Map<String, String> renames(Map<String, String> before,
      Map<String, String> after) {
    Map<String, String> renames = new HashMap<>();
    Set<String> gone = new LinkedHashSet<>(before.keySet());
    gone.removeAll(after.keySet());
    for (String to : after.keySet()) {
      if (before.containsKey(to))
        continue;
      gone.stream().filter(from -> before.getOrDefault(from, "").equals(after.get(to))).findFirst()
          .ifPresent(from -> {
            gone.remove(from);
            renames.put(to, from);
          });
    }
    return renames;
  }

  private static Map<String, String> applied(Map<String, String> before, List<String> tasks) {
    Map<String, String> index = new TreeMap<>(before);
    for (String task : tasks) {
      String t = task.substring(task.indexOf(' ') + 1);
      if (t.startsWith("-"))
        index.remove(t.substring(1));
      else
        index.put(t.substring(1, t.indexOf('=')), t.substring(t.indexOf('=') + 1));
    }
    return index;
  }
}
