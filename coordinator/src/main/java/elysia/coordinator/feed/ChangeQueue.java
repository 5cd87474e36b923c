package elysia.coordinator.feed;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileTask;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Problem;
import elysia.core.wire.Wire;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue of producers' changes to a repository's part of a collection: batches that share a
/// path are done one after the other, in order of arrival; the others are done in parallel.
///
/// Where nodes share a store, a queue that replaces a lost one waits until the lost one can write
/// no more.
public final class ChangeQueue extends AbstractMatchingBehavior<ChangeQueue.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeQueue.class);

  /// Most uploads whose latest attempt is remembered.
  private static final int UPLOADS = 10_000;

  public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class,
      "change-queue");

  public sealed interface Command {}

  /// Do these tasks, in order. Answered with [Accepted], and later with how it ended.
  ///
  /// @param redelivered they may have been done before, in part or whole
  /// @param upload key of the upload that they are part of; empty for one without a key
  /// @param attempt number of the attempt at that upload; tasks of an earlier attempt are refused
  ///          after those of a later one
  public record Submit(CollectionName collection, EmbeddingModel model, RepositoryName repo,
      String commit, List<FileTask> tasks, boolean redelivered, String upload, long attempt,
      ActorRef<Reply> replyTo) implements Command, Wire {
    public Submit {
      tasks = List.copyOf(tasks);
    }
  }

  /// The sender of this batch still waits for it: only after this message is it done. So nothing is
  /// done whose sender gave up while it was on its way.
  public record Begin(BatchId batch) implements Command, Wire {}

  /// Sharding asks it to end.
  public enum Stop implements Command, Wire {
    STOP
  }

  private record Opened(boolean inherited, Optional<String> error) implements Command {}

  private record Reported(Dispatcher.Report report) implements Command {}

  private record Retry(int number) implements Command {}

  private record BeginOverdue(int number) implements Command {}

  private enum Signal implements Command {
    FENCE_PAST, UNBLOCK, IDLE, CLOSED
  }

  public sealed interface Reply {}

  /// The tasks are here; should the queue end before it answers, nobody will do them.
  ///
  /// @param batch waits for [Begin]
  public record Accepted(ActorRef<Command> queue, BatchId batch) implements Reply, Wire {}

  /// All that did not fail is in the index, durable.
  public record Done(BatchResult result) implements Reply, Wire {}

  /// Not now: some of it may be done.
  public record GaveUp(String reason, Optional<Duration> retryAfter) implements Reply, Wire {}

  /// Not until somebody changes something.
  public record Refused(Problem problem) implements Reply, Wire {}

  /// Dependencies that the queues of a node share.
  ///
  /// @param fence after which no write of a lost queue can arrive; zero for a store that no other
  ///          process writes to
  /// @param monotonic the clock that the dispatcher has, too
  /// @param blocking runs what blocks
  public record Setup(ActorRef<Dispatcher.Command> dispatcher, OpenQueues openQueues,
      Duration fence, FeedSettings settings, InstantSource monotonic, RandomGenerator random,
      Executor blocking) {}

  private enum State {
    NEW, OPENING, READY, CLOSING
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final String id;
  private final Setup setup;
  private final Consumer<ActorRef<Command>> passivate;
  private final ActorRef<Dispatcher.Report> reports;
  private final String run = UUID.randomUUID().toString();
  private final QueuedBatches batches;
  /// The latest attempt at each upload that has a name.
  private final Map<String, Long> attempts = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > UPLOADS;
    }
  };
  private State state = State.NEW;
  private int next;

  private ChangeQueue(ActorContext<Command> context, TimerScheduler<Command> timers, String id,
      Setup setup, Consumer<ActorRef<Command>> passivate) {
    super(context);
    this.context = context;
    this.timers = timers;
    this.id = id;
    this.setup = setup;
    this.passivate = passivate;
    this.batches = new QueuedBatches(setup.settings());
    this.reports = context.messageAdapter(Dispatcher.Report.class, Reported::new);
  }

  /// @param id of the entity
  /// @param passivate asks sharding to end it
  public static Behavior<Command> create(String id, Setup setup,
      Consumer<ActorRef<Command>> passivate) {
    return Behaviors.withTimers(timers -> Behaviors
        .setup(context -> new ChangeQueue(context, timers, id, setup, passivate)));
  }

  /// The entity of a repository's part of a collection.
  static String id(CollectionName collection, RepositoryName repo) {
    return collection + "/" + repo;
  }

  @Override
  public Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Submit submit -> submit(submit);
      case Opened(var inherited, var error) -> opened(inherited, error);
      case Reported(var report) -> reported(report);
      case Begin(var batch) -> begin(batch);
      case BeginOverdue(var number) -> batches.get(number).filter(queued -> !queued.begun)
          .ifPresent(this::late);
      case Retry(var number) -> batches.get(number).ifPresent(this::deliver);
      case Signal.FENCE_PAST -> {
        state = State.READY;
        fill();
      }
      case Signal.UNBLOCK -> {
        batches.unblock(now()).ifPresent(this::unblockIn);
        fill();
        rest();
      }
      case Signal.IDLE -> {
        if (batches.resting())
          passivate.accept(context.getSelf());
      }
      case Stop.STOP -> {
        return stop();
      }
      case Signal.CLOSED -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void submit(Submit submit) {
    BatchId batch = new BatchId(run, next);
    QueuedBatch queued = new QueuedBatch(submit, batch, now(), setup.settings().deliveryTimeout());
    if (state == State.CLOSING) {
      submit.replyTo().tell(new GaveUp("the queue moves to another node", Optional.empty()));
      return;
    }
    if (!latest(submit)) {
      submit.replyTo().tell(new Refused(
          Problem.of("upload_taken_over", "another request has taken this upload over")));
      return;
    }
    if (batches.full(queued.batch.bytes())) {
      submit.replyTo().tell(new GaveUp("too much waits for " + id, Optional.empty()));
      return;
    }
    submit.replyTo().tell(new Accepted(context.getSelf(), batch));
    timers.cancel(Signal.IDLE);
    timers.startSingleTimer(begin(queued), new BeginOverdue(next), setup.settings().accept());
    batches.add(queued);
    next++;
    if (state == State.NEW)
      open();
    fill();
  }

  private Instant now() {
    return setup.monotonic().instant();
  }

  private static String begin(QueuedBatch queued) {
    return "begin-" + queued.batch.id();
  }

  private static GaveUp tooLate() {
    return new GaveUp("the changes came too late", Optional.empty());
  }

  private void begin(BatchId batch) {
    QueuedBatch queued = queued(batch).filter(found -> !found.begun).orElse(null);
    if (queued == null)
      return;
    if (queued.age(now()).compareTo(setup.settings().accept()) > 0) {
      late(queued); // this node stood still, and others may have continued without it
      return;
    }
    timers.cancel(begin(queued));
    queued.begun = true;
    fill();
  }

  private void late(QueuedBatch queued) {
    timers.cancel(begin(queued));
    answer(queued, tooLate());
    fill();
    rest();
  }

  private boolean latest(Submit submit) {
    return submit.upload().isEmpty()
        || attempts.merge(submit.upload(), submit.attempt(), Math::max) == submit.attempt();
  }

  private void open() {
    if (setup.fence().isZero()) {
      state = State.READY;
      return;
    }
    state = State.OPENING;
    context.pipeToSelf(CompletableFuture.supplyAsync(() -> {
      try {
        return setup.openQueues().open(id);
      } catch (SQLException e) {
        throw new CompletionException(e);
      }
    }, setup.blocking()), (inherited, error) -> new Opened(Boolean.TRUE.equals(inherited),
        Optional.ofNullable(error).map(Throwable::toString)));
  }

  private void opened(boolean inherited, Optional<String> error) {
    if (error.isPresent()) {
      LOG.warn("{}: the journal's database does not answer: {}", id, error.get());
      state = State.NEW;
      for (QueuedBatch queued : batches.all())
        answer(queued, new GaveUp("the database does not answer", Optional.empty()));
      rest();
    } else if (inherited) {
      LOG.info("{}: its last holder was lost; it begins in {}", id, setup.fence());
      timers.startSingleTimer(Signal.FENCE_PAST, Signal.FENCE_PAST, setup.fence());
    } else {
      state = State.READY;
      fill();
    }
  }

  private void fill() {
    if (state == State.READY)
      batches.take().forEach(this::deliver);
  }

  private Optional<QueuedBatch> queued(BatchId batch) {
    return batch.run().equals(run) ? batches.get(batch.number()) : Optional.empty();
  }

  private void deliver(QueuedBatch queued) {
    setup.dispatcher().tell(new Dispatcher.Offer(queued.batch, reports));
  }

  private void reported(Dispatcher.Report report) {
    queued(report.batch()).ifPresent(queued -> {
      switch (report) {
        case Dispatcher.Confirmed(_, var result, var writesPossibleUntil) ->
          settled(queued, writesPossibleUntil, new Done(result));
        case Dispatcher.Failed(_, var problem, var writesPossibleUntil) ->
          settled(queued, writesPossibleUntil, new Refused(problem));
        case Dispatcher.Deferred deferred -> deferred(queued, deferred);
      }
      fill();
      rest();
    });
  }

  private void settled(QueuedBatch queued, Optional<Instant> writesPossibleUntil, Reply reply) {
    queued.mayWriteUntil(writesPossibleUntil);
    block(queued);
    answer(queued, reply);
  }

  private void deferred(QueuedBatch queued, Dispatcher.Deferred deferred) {
    if (deferred.writeUnknown())
      queued.batch = queued.batch.asRedelivered();
    Duration wait = elysia.core.outcome.Retry.delay(setup.settings().retry(),
        ++queued.deferrals, deferred.retryAfter(), setup.random());
    if (queued.endsBefore(now().plus(wait))) {
      settled(queued, deferred.writesPossibleUntil(),
          new GaveUp(deferred.reason(), deferred.retryAfter()));
      return;
    }
    queued.mayWriteUntil(deferred.writesPossibleUntil());
    timers.startSingleTimer("retry-" + queued.batch.id(), new Retry(queued.number()), wait);
  }

  /// Nothing else touches its paths while a queued that was given up may still write them.
  private void block(QueuedBatch queued) {
    if (!setup.fence().isZero())
      batches.block(queued, now()).ifPresent(this::unblockIn);
  }

  private void unblockIn(Duration wait) {
    timers.startSingleTimer(Signal.UNBLOCK, Signal.UNBLOCK, wait);
  }

  private void answer(QueuedBatch queued, Reply reply) {
    batches.remove(queued);
    queued.submit.replyTo().tell(reply);
  }

  private void rest() {
    if (batches.resting())
      timers.startSingleTimer(Signal.IDLE, Signal.IDLE, setup.settings().idle());
  }

  private Behavior<Command> stop() {
    boolean clean = batches.nothingWrites();
    boolean noted = state == State.READY && !setup.fence().isZero();
    state = State.CLOSING;
    List<QueuedBatch> left = batches.all();
    setup.dispatcher().tell(new Dispatcher.Withdraw(left.stream()
        .filter(queued -> queued.dispatched).map(queued -> queued.batch.id()).toList()));
    for (QueuedBatch queued : left)
      answer(queued, new GaveUp("the queue moves to another node", Optional.empty()));
    if (!clean || !noted)
      return Behaviors.stopped();
    context.pipeToSelf(CompletableFuture.runAsync(() -> {
      try {
        setup.openQueues().close(id);
      } catch (SQLException e) {
        LOG.warn("{}: stays noted as open: {}", id, e.toString());
      }
    }, setup.blocking()), (_, _) -> Signal.CLOSED);
    return this;
  }
}
