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

/// The one way of producers' changes into a repository's part of a collection: batches that share a
/// path go one after the other, in the order in which they came; the others go in parallel.
///
/// Where a store is shared, a lane that follows on a lost one waits until that one's last write must
/// be past.
public final class Lane extends AbstractMatchingBehavior<Lane.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  /// That are remembered; each for as long as one of its attempts may still come.
  private static final int UPLOADS = 10_000;

  public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class,
      "feed-lane");

  public sealed interface Command {}

  /// Do these tasks, in order. Answered with [Accepted], and later with how it ended.
  ///
  /// @param again
  ///          they may have been done before, in part or whole
  /// @param feed
  ///          names the upload that they are of; empty for one without a name
  /// @param attempt
  ///          at that upload: those of an earlier attempt come too late after those of a later one
  /// @param until
  ///          by the sender's wall clock: after this they come too late, for whoever sent them has
  ///          given up; looked at where nobody begins them
  /// @param begins
  ///          whether [Begin] follows on [Accepted]; nodes of before this was added leave it out
  public record Submit(CollectionName collection, EmbeddingModel model, RepositoryName repo,
      String commit, List<FileTask> tasks, boolean again, String feed, long attempt, Instant until,
      Optional<Boolean> begins, ActorRef<Reply> replyTo) implements Command, Wire {
    public Submit {
      tasks = List.copyOf(tasks);
    }
  }

  /// Whoever sent the tasks of this batch still waits for them: only now are they done.
  public record Begin(BatchId batch) implements Command, Wire {}

  /// Sharding asks it to end.
  public enum Stop implements Command, Wire {
    STOP
  }

  private record Opened(boolean left, Optional<String> error) implements Command {}

  private record Reported(Dispatcher.Report report) implements Command {}

  private record Retry(int number) implements Command {}

  private record Unwanted(int number) implements Command {}

  private enum Signal implements Command {
    FENCE_PAST, UNBLOCK, IDLE, CLOSED
  }

  public sealed interface Reply {}

  /// The tasks are here; should the lane end before it answers, nobody will do them.
  ///
  /// @param batch
  ///          that waits for [Begin]; nodes of before this was added leave it out, and wait for none
  public record Accepted(ActorRef<Command> lane,
      Optional<BatchId> batch) implements Reply, Wire {}

  /// All that did not fail is in the index, durable.
  public record Done(BatchResult result) implements Reply, Wire {}

  /// Not now: some of it may be done.
  public record GaveUp(String reason, Optional<Duration> retryAfter) implements Reply, Wire {}

  /// Not until somebody changes something.
  public record Refused(Problem problem) implements Reply, Wire {}

  /// What lanes of a node share.
  ///
  /// @param fence
  ///          after which no write of a lost lane can arrive; zero for a store that no other process
  ///          writes to
  /// @param clock
  ///          the wall clock, for changes from nodes of an older release
  /// @param steady
  ///          one that nobody sets, for waits; the dispatcher's, too
  /// @param blocking
  ///          runs what blocks
  public record Shared(ActorRef<Dispatcher.Command> dispatcher, LaneMarks marks, Duration fence,
      FeedSettings settings, InstantSource clock, InstantSource steady, RandomGenerator random,
      Executor blocking) {}

  private enum State {
    NEW, OPENING, READY, CLOSING
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final String id;
  private final Shared shared;
  private final Consumer<ActorRef<Command>> passivate;
  private final ActorRef<Dispatcher.Report> reports;
  private final String run = UUID.randomUUID().toString();
  private final DeliveryQueue queue;
  /// The latest attempt at each upload that has a name.
  private final Map<String, Long> attempts = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > UPLOADS;
    }
  };
  private State state = State.NEW;
  private int next;

  private Lane(ActorContext<Command> context, TimerScheduler<Command> timers, String id,
      Shared shared, Consumer<ActorRef<Command>> passivate) {
    super(context);
    this.context = context;
    this.timers = timers;
    this.id = id;
    this.shared = shared;
    this.passivate = passivate;
    this.queue = new DeliveryQueue(shared.settings());
    this.reports = context.messageAdapter(Dispatcher.Report.class, Reported::new);
  }

  /// @param id
  ///          of the entity
  /// @param passivate
  ///          asks sharding to end it
  public static Behavior<Command> create(String id, Shared shared,
      Consumer<ActorRef<Command>> passivate) {
    return Behaviors.withTimers(timers -> Behaviors
        .setup(context -> new Lane(context, timers, id, shared, passivate)));
  }

  /// The entity of a repository's part of a collection.
  static String id(CollectionName collection, RepositoryName repo) {
    return collection + "/" + repo;
  }

  @Override
  public Behavior<Command> onMessage(Command message) {
    switch (message) {
      case Submit submit -> submit(submit);
      case Opened(var left, var error) -> opened(left, error);
      case Reported(var report) -> reported(report);
      case Begin(var batch) -> begin(batch);
      case Unwanted(var number) -> queue.get(number).filter(delivery -> !delivery.wanted)
          .ifPresent(this::late);
      case Retry(var number) -> queue.get(number).ifPresent(this::deliver);
      case Signal.FENCE_PAST -> {
        state = State.READY;
        fill();
      }
      case Signal.UNBLOCK -> {
        queue.unblock(now()).ifPresent(this::unblockIn);
        fill();
        rest();
      }
      case Signal.IDLE -> {
        if (queue.resting())
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
    Delivery delivery = new Delivery(submit, batch, now(), shared.settings().patience());
    if (state == State.CLOSING) {
      submit.replyTo().tell(new GaveUp("the lane moves to another node", Optional.empty()));
      return;
    }
    if (delivery.wanted && shared.clock().instant().isAfter(submit.until())) {
      submit.replyTo().tell(tooLate());
      return;
    }
    if (!latest(submit)) {
      submit.replyTo().tell(new Refused(
          Problem.of("upload_taken_over", "another request goes on with this upload")));
      return;
    }
    if (queue.full(delivery.batch.bytes())) {
      submit.replyTo().tell(new GaveUp("too much waits for " + id, Optional.empty()));
      return;
    }
    submit.replyTo().tell(new Accepted(context.getSelf(), Optional.of(batch)));
    timers.cancel(Signal.IDLE);
    if (!delivery.wanted)
      timers.startSingleTimer(begin(delivery), new Unwanted(next), shared.settings().accept());
    queue.add(delivery);
    next++;
    if (state == State.NEW)
      open();
    fill();
  }

  private Instant now() {
    return shared.steady().instant();
  }

  private static String begin(Delivery delivery) {
    return "begin-" + delivery.batch.id();
  }

  private static GaveUp tooLate() {
    return new GaveUp("the changes came too late", Optional.empty());
  }

  private void begin(BatchId batch) {
    Delivery delivery = delivery(batch).filter(found -> !found.wanted).orElse(null);
    if (delivery == null)
      return;
    if (delivery.age(now()).compareTo(shared.settings().accept()) > 0) {
      late(delivery); // this node stood still, and others may have gone on without it
      return;
    }
    timers.cancel(begin(delivery));
    delivery.wanted = true;
    fill();
  }

  private void late(Delivery delivery) {
    timers.cancel(begin(delivery));
    answer(delivery, tooLate());
    fill();
    rest();
  }

  private boolean latest(Submit submit) {
    return submit.feed().isEmpty()
        || attempts.merge(submit.feed(), submit.attempt(), Math::max) == submit.attempt();
  }

  private void open() {
    if (shared.fence().isZero()) {
      state = State.READY;
      return;
    }
    state = State.OPENING;
    context.pipeToSelf(CompletableFuture.supplyAsync(() -> {
      try {
        return shared.marks().open(id);
      } catch (SQLException e) {
        throw new CompletionException(e);
      }
    }, shared.blocking()), (left, error) -> new Opened(Boolean.TRUE.equals(left),
        Optional.ofNullable(error).map(Throwable::toString)));
  }

  private void opened(boolean left, Optional<String> error) {
    if (error.isPresent()) {
      LOG.warn("{}: the journal's database does not answer: {}", id, error.get());
      state = State.NEW;
      for (Delivery delivery : queue.all())
        answer(delivery, new GaveUp("the database does not answer", Optional.empty()));
      rest();
    } else if (left) {
      LOG.info("{}: its last holder was lost; it begins in {}", id, shared.fence());
      timers.startSingleTimer(Signal.FENCE_PAST, Signal.FENCE_PAST, shared.fence());
    } else {
      state = State.READY;
      fill();
    }
  }

  private void fill() {
    if (state == State.READY)
      queue.take().forEach(this::deliver);
  }

  private Optional<Delivery> delivery(BatchId batch) {
    return batch.run().equals(run) ? queue.get(batch.number()) : Optional.empty();
  }

  private void deliver(Delivery delivery) {
    shared.dispatcher().tell(new Dispatcher.Offer(delivery.batch, reports));
  }

  private void reported(Dispatcher.Report report) {
    delivery(report.batch()).ifPresent(delivery -> {
      switch (report) {
        case Dispatcher.Confirmed(_, var result, var lastWrite) ->
          settled(delivery, lastWrite, new Done(result));
        case Dispatcher.Failed(_, var problem, var lastWrite) ->
          settled(delivery, lastWrite, new Refused(problem));
        case Dispatcher.Deferred deferred -> deferred(delivery, deferred);
      }
      fill();
      rest();
    });
  }

  private void settled(Delivery delivery, Optional<Instant> lastWrite, Reply reply) {
    delivery.mayWriteUntil(lastWrite);
    block(delivery);
    answer(delivery, reply);
  }

  private void deferred(Delivery delivery, Dispatcher.Deferred deferred) {
    if (deferred.writeUnknown())
      delivery.batch = delivery.batch.asRedelivered();
    Duration wait = shared.settings().retry().delay(++delivery.deferrals, shared.random());
    if (deferred.retryAfter().isPresent() && deferred.retryAfter().get().compareTo(wait) > 0)
      wait = deferred.retryAfter().get();
    if (delivery.endsBefore(now().plus(wait))) {
      settled(delivery, deferred.lastWrite(),
          new GaveUp(deferred.reason(), deferred.retryAfter()));
      return;
    }
    delivery.mayWriteUntil(deferred.lastWrite());
    timers.startSingleTimer("retry-" + delivery.batch.id(), new Retry(delivery.number()), wait);
  }

  /// Nothing else touches its paths while a delivery that was given up may still write them.
  private void block(Delivery delivery) {
    if (!shared.fence().isZero())
      queue.block(delivery, now()).ifPresent(this::unblockIn);
  }

  private void unblockIn(Duration wait) {
    timers.startSingleTimer(Signal.UNBLOCK, Signal.UNBLOCK, wait);
  }

  private void answer(Delivery delivery, Reply reply) {
    queue.remove(delivery);
    delivery.submit.replyTo().tell(reply);
  }

  private void rest() {
    if (queue.resting())
      timers.startSingleTimer(Signal.IDLE, Signal.IDLE, shared.settings().idle());
  }

  private Behavior<Command> stop() {
    boolean clean = queue.nothingWrites();
    boolean marked = state == State.READY && !shared.fence().isZero();
    state = State.CLOSING;
    List<Delivery> left = queue.all();
    shared.dispatcher().tell(new Dispatcher.Withdraw(left.stream()
        .filter(delivery -> delivery.out).map(delivery -> delivery.batch.id()).toList()));
    for (Delivery delivery : left)
      answer(delivery, new GaveUp("the lane moves to another node", Optional.empty()));
    if (!clean || !marked)
      return Behaviors.stopped();
    context.pipeToSelf(CompletableFuture.runAsync(() -> {
      try {
        shared.marks().close(id);
      } catch (SQLException e) {
        LOG.warn("{}: stays noted as open: {}", id, e.toString());
      }
    }, shared.blocking()), (_, _) -> Signal.CLOSED);
    return this;
  }
}
