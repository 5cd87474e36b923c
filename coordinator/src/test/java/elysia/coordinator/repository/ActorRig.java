package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.sync.BatchLimits;
import elysia.coordinator.sync.FakeSource;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.identity.ChunkId;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Backoff;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import elysia.core.source.SourceSpec;
import elysia.core.store.WriteMode;
import elysia.testkit.clock.ManualClock;
import elysia.testkit.store.FakeVectorStore;
import elysia.testkit.store.TestChunks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;

/// A repository's actor with everything around it in memory: the test is the workers, and time
/// passes when the test says so.
final class ActorRig implements AutoCloseable, EntityLifecycle, RepositoryListener {
  static final Config CONFIG = ConfigFactory.parseString("""
      pekko.loglevel = WARNING
      pekko.actor.provider = local
      pekko.actor.allow-java-serialization = off
      pekko.actor.serialization-bindings { "elysia.core.wire.Wire" = jackson-cbor }
      # Their timeouts run by the test's clock, too: a leap of it must not look like a dead journal.
      pekko.persistence.journal-plugin-fallback.circuit-breaker.call-timeout = 100d
      pekko.persistence.journal-plugin-fallback.recovery-event-timeout = 100d
      pekko.persistence.snapshot-store-plugin-fallback.circuit-breaker.call-timeout = 100d
      """);
  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final CollectionName COLLECTION = new CollectionName("c");

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config().withFallback(CONFIG)
      .withFallback(EventSourcedBehaviorTestKit.config()).withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final ManualClock clock = new ManualClock();
  private final ManualClock monotonic = new ManualClock();
  private final HeldExecutor blocking = new HeldExecutor();
  final FakeSource source = new FakeSource();
  final FakeVectorStore store = new FakeVectorStore();
  final TestProbe<Dispatcher.Command> dispatcher = kit.createTestProbe();
  private final ActorRef<Slots.Command> slots;
  private final TestProbe<RepositoryCommand> other = kit.createTestProbe();
  private final List<LogEntry> lines = new ArrayList<>();
  final List<String> removed = new ArrayList<>();
  private final List<Transition> moves = new ArrayList<>();
  private final List<String> lifecycle = new ArrayList<>();
  private final EventSourcedBehaviorTestKit<RepositoryCommand, RepositoryEvent, RepositoryState> actor;
  private @Nullable ActorRef<RepositoryCommand> self;
  private RepositorySettings settings = new RepositorySettings(
      new SourceSpec(TestChunks.REPO, "/repo", Optional.empty(), Optional.empty()), COLLECTION,
      IndexingRules.defaults(), Optional.empty(), TestChunks.MODEL);

  ActorRig() {
    this(2, 16);
  }

  /// @param window batches of one file out at once
  ActorRig(int window, int slots) {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1),
        Duration.ofSeconds(1));
    RepositoryRuntime.Settings runtime = new RepositoryRuntime.Settings(
        new BatchLimits(1, 1_000), window, slots, slots, backoff, backoff, Duration.ZERO,
        Duration.ofSeconds(1), 100, 100);
    this.slots = kit.spawn(Slots.create(slots, slots, monotonic));
    actor = EventSourcedBehaviorTestKit.create(kit.system(),
        RepositoryActor.create("app", this,
            new RepositoryRuntime(source, store, new LineChunker(), dispatcher.ref(), this.slots,
                this,
                runtime, Duration.ofSeconds(25), clock, monotonic, ZoneOffset.UTC, () -> 0L,
                blocking,
                "node")),
        EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyEquality(true));
  }

  /// Small enough to be named by every test.
  RepositorySettings settings() {
    return settings;
  }

  RepositorySettings settings(IndexingRules rules) {
    return new RepositorySettings(settings.source(), COLLECTION, rules, settings.schedule(),
        settings.model());
  }

  void schedule(String schedule) {
    settings = new RepositorySettings(settings.source(), COLLECTION, settings.rules(),
        Optional.of(schedule), settings.model());
  }

  RepositoryCommand.Reply ask(
      Function<ActorRef<RepositoryCommand.Reply>, RepositoryCommand> command) {
    TestProbe<RepositoryCommand.Reply> probe = kit.createTestProbe();
    actor.runCommand(command.apply(probe.ref()));
    return probe.receiveMessage(PATIENCE);
  }

  RepositoryStatus done(Function<ActorRef<RepositoryCommand.Reply>, RepositoryCommand> command) {
    RepositoryCommand.Reply reply = ask(command);
    assertThat(reply).isInstanceOf(RepositoryCommand.Answer.class);
    return ((RepositoryCommand.Answer) reply).status();
  }

  String refused(Function<ActorRef<RepositoryCommand.Reply>, RepositoryCommand> command) {
    RepositoryCommand.Reply reply = ask(command);
    assertThat(reply).isInstanceOf(RepositoryCommand.Refusal.class);
    return ((RepositoryCommand.Refusal) reply).problem().code();
  }

  void add() {
    done(replyTo -> new RepositoryCommand.Add(settings, replyTo));
  }

  void tell(RepositoryCommand command) {
    actor.runCommand(command);
  }

  RepositoryStatus status() {
    return done(RepositoryCommand.GetStatus::new);
  }

  RepositoryState state() {
    return actor.getState();
  }

  void await(Predicate<RepositoryState> condition) {
    dispatcher.awaitAssert(PATIENCE, Duration.ofMillis(20), () -> {
      assertThat(state()).matches(condition);
      return true;
    });
  }

  void awaitState(RepositoryStatus.State state) {
    dispatcher.awaitAssert(PATIENCE, Duration.ofMillis(20), () -> {
      assertThat(status().state()).isEqualTo(state);
      return true;
    });
  }

  void awaitSynced(String commit) {
    await(s -> s.sync().isEmpty() && s.synced().isPresent()
        && s.synced().get().commit().equals(Optional.of(commit)));
    awaitState(RepositoryStatus.State.IDLE);
  }

  /// All clocks go on; timers that are due go off.
  void pass(Duration duration) {
    clock.advance(duration);
    monotonic.advance(duration);
    time.timePasses(duration);
  }

  /// The wall clock is set; timers do not notice.
  void set(Duration by) {
    clock.advance(by);
  }

  Instant now() {
    return clock.instant();
  }

  /// By the dispatcher's clock.
  Instant monotonicNow() {
    return monotonic.instant();
  }

  /// Another repository takes the only slot to sync.
  void takeSlot() {
    slots.tell(new Slots.Acquire(Slots.Kind.SYNC, other.ref()));
    other.expectMessageClass(RepositoryCommand.SlotGranted.class, PATIENCE);
  }

  void giveSlotBack() {
    slots.tell(new Slots.Release(Slots.Kind.SYNC, other.ref()));
  }

  void awaitMove(Transition transition) {
    dispatcher.awaitAssert(PATIENCE, Duration.ofMillis(20), () -> {
      assertThat(moves()).contains(transition);
      return true;
    });
  }

  void hold() {
    blocking.hold();
  }

  void awaitHeld() {
    dispatcher.awaitAssert(PATIENCE, Duration.ofMillis(20), () -> {
      assertThat(blocking.waiting()).isPositive();
      return true;
    });
  }

  void open() {
    blocking.open();
  }

  /// The next batch that is offered.
  Dispatcher.Offer offer() {
    return dispatcher.expectMessageClass(Dispatcher.Offer.class, PATIENCE);
  }

  void noOffer() {
    state(); // whatever was sent before is handled
    ask(RepositoryCommand.GetStatus::new);
    dispatcher.expectNoMessage(Duration.ofMillis(60));
  }

  static String shown(Dispatcher.Offer offer) {
    FileTask task = offer.batch().tasks().getFirst();
    return (task instanceof FileTask.Remove ? "-" : "+") + task.path();
  }

  /// Writes a batch to the store as a worker would, and says so.
  void confirm(Dispatcher.Offer offer) {
    confirm(offer, Optional.empty(), List.of());
  }

  void confirm(Dispatcher.Offer offer, Optional<Instant> lastWrite, List<String> failed) {
    long indexed = 0;
    for (FileTask task : offer.batch().tasks()) {
      if (failed.contains(task.path().value()))
        continue;
      remove(task.path().value());
      if (task instanceof FileTask.Index(var path, var content, _)) {
        write(path.value(), content.bytes());
        indexed++;
      }
    }
    SyncCounts counts = SyncCounts.NONE.withFilesIndexed(indexed).withChunksWritten(indexed)
        .withChunksEmbedded(indexed).withFilesFailed(failed.size());
    List<BatchResult.Failure> failures = failed.stream()
        .map(path -> new BatchResult.Failure(new FilePath(path), "rejected", "no")).toList();
    offer.owner().tell(new Dispatcher.Confirmed(offer.batch().id(),
        new BatchResult(counts, failures), lastWrite));
  }

  void write(String path, byte[] content) {
    store.write(COLLECTION, LineChunker.stored(COLLECTION, TestChunks.REPO, path, content),
        WriteMode.UPSERT).orElseThrow();
  }

  void remove(String path) {
    for (int i = 0; i < 10; i++)
      store.remove(COLLECTION,
          List.of(ChunkId.of(COLLECTION, TestChunks.REPO, new FilePath(path), i))).orElseThrow();
  }

  /// Offers and confirms batches until the repository is in step with a commit.
  List<String> sync(String commit, int batches) {
    List<String> offered = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      Dispatcher.Offer offer = offer();
      offered.add(shown(offer));
      confirm(offer);
    }
    awaitSynced(commit);
    return offered;
  }

  /// The actor ends without a word and starts again, elsewhere, from its journal.
  void restart() {
    int persisted = events().size();
    RepositoryState recovered = actor.restart().state();
    // It goes on with its work at once: what it persists before it is asked counts, too.
    List<RepositoryState> states = history();
    assertThat(states.subList(persisted, states.size())).contains(recovered);
    dispatcher.awaitAssert(PATIENCE, Duration.ofMillis(20), () -> {
      assertThat(state().settings()).isPresent();
      return true;
    });
  }

  void journalFailsNext() {
    actor.persistenceTestKit().failNextPersisted(PersistenceId.of("repository", "app").id());
  }

  List<RepositoryEvent> events() {
    return actor.persistenceTestKit().persistedInStorage("repository|app").stream()
        .map(RepositoryEvent.class::cast).toList();
  }

  /// The state after each number of events, from none on.
  private List<RepositoryState> history() {
    List<RepositoryState> states = new ArrayList<>(List.of(RepositoryState.empty()));
    events().forEach(event -> states.add(states.getLast().apply(event)));
    return states;
  }

  <T extends RepositoryEvent> List<T> events(Class<T> type) {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  synchronized List<String> lifecycle() {
    return List.copyOf(lifecycle);
  }

  @Override
  public synchronized void leave(ActorRef<RepositoryCommand> actorRef) {
    self = actorRef;
    lifecycle.add("left");
  }

  @Override
  public synchronized void comeBack() {
    lifecycle.add("came back");
  }

  /// The shard answers the wish to leave.
  void stop() {
    ActorRef<RepositoryCommand> leaving = Objects.requireNonNull(self);
    leaving.tell(RepositoryCommand.Stop.STOP);
    dispatcher.expectTerminated(leaving, PATIENCE);
  }

  @Override
  public synchronized void changed(String name, long seq, RepositoryStatus status,
      Optional<LogEntry> entry) {
    entry.ifPresent(line -> lines.add(line));
  }

  @Override
  public void happened(String name, RepositoryEvent event, RepositoryState after) {}

  @Override
  public void timed(String stage, Duration duration) {}

  @Override
  public synchronized void moved(String name, Transition transition) {
    moves.add(transition);
  }

  synchronized List<LogEntry> lines() {
    return List.copyOf(lines);
  }

  synchronized List<Transition> moves() {
    return List.copyOf(moves);
  }

  @Override
  public synchronized void removed(String name, long seq) {
    removed.add(name);
  }

  /// Every event must come back from the journal as it was.
  @Override
  public void close() {
    try {
      for (RepositoryEvent event : events())
        kit.serializationTestKit().verifySerialization(event, true);
    } finally {
      blocking.open();
      kit.shutdownTestKit();
    }
  }
}
