package elysia.cli.feed.upload;

import elysia.cli.feed.content.ContentSource;
import elysia.cli.feed.content.LineResolver;
import elysia.cli.feed.content.ResolvedChange;
import elysia.cli.feed.content.UnsendableLine;
import elysia.cli.feed.input.InputHead;
import elysia.cli.feed.input.ReadAhead;
import elysia.cli.feed.input.UnusableInput;
import elysia.cli.feed.state.ResumePoint;
import elysia.cli.feed.state.RunState;
import elysia.cli.feed.upload.UploadSettings.OnError;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.change.Change;
import elysia.core.change.ChangeMetadata;
import elysia.core.change.Line;
import elysia.core.change.LineContent;
import elysia.core.change.LinePosition;
import elysia.core.change.Op;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One run: reads lines, sends them in batches, and keeps the state. Batches that share no path are
/// on their way together; their results are taken in order, so that everything before the state's
/// position is done. What may have been sent beyond it shares no path either, so that all of it can
/// be sent once more, in whatever batches.
public final class Uploader {
  public static final int AT_ONCE = 4;
  private static final long BATCH_BYTES = 1 << 20;
  private static final long BYTES_AT_ONCE = 8 << 20;
  private static final Duration FLUSH = Duration.ofMillis(300);
  private static final LinePosition NOWHERE = new LinePosition(0, 0, 0);

  /// Follows a run.
  public interface Observer {
    /// The first lines are about to be told.
    ///
    /// @param changes in the whole input; empty while it is not known
    void begins(OptionalLong changes);

    void failed(long line);

    /// Everything before some line is done.
    void advanced();
  }

  private record Flight(LineBatch batch, Set<String> places, Future<BatchSender.Sent> sent) {}

  private final Session session;
  private final UploadSettings settings;
  private final ContentSource origin;
  private final LineResolver resolver;
  private final BatchSender sender;
  private final Optional<RunState> state;
  private final InterruptFlag signal;
  private final Observer observer;
  private final Printer looks;
  private final Deque<Flight> flights = new ArrayDeque<>();
  private final Map<String, Long> totals = new TreeMap<>();
  private final Map<String, Long> failures = new TreeMap<>();
  private final int batchSize;
  private final int atOnce;
  private boolean failedBefore;
  private boolean begun;
  private boolean stop;
  private boolean interrupted;

  /// @param state absent when nothing is to be kept
  public Uploader(Session session, UploadSettings settings, ContentSource origin,
      BatchSender sender,
      Optional<RunState> state, InterruptFlag signal, Observer observer, Printer looks) {
    this.session = session;
    this.settings = settings;
    this.origin = origin;
    this.resolver = new LineResolver(settings.trees(), origin,
        settings.content().deleteMissing());
    this.sender = sender;
    this.state = state;
    this.signal = signal;
    this.observer = observer;
    this.looks = looks;
    this.batchSize = settings.delivery().batchSize();
    this.atOnce = settings.delivery().onError() == OnError.STOP ? 1 : AT_ONCE; // nothing after what
                                                                               // failed
  }

  public Map<String, Long> totals() {
    return totals;
  }

  /// Failed lines by why.
  public Map<String, Long> failures() {
    return failures;
  }

  public long errors() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Whether it ended at a failed line because the user wants that.
  public boolean stopped() {
    return stop;
  }

  /// Whether a signal ended it.
  public boolean interrupted() {
    return interrupted;
  }

  /// Reads to the end of the input.
  ///
  /// @param start where the input resumes
  /// @param head of an input that can be read again: then a signal leaves the rest for the next time
  /// @throws Failure the node could not take a batch; the state says where the next run resumes
  public void run(InputStream input, ResumePoint start, Optional<InputHead> head) {
    failedBefore = start.failed() > 0;
    boolean again = head.isPresent();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
        ReadAhead incoming = head.isPresent()
            ? new ReadAhead(input, start.after(), head.get())
            : new ReadAhead(input, headOptions())) {
      try {
        loop(incoming, start, again, pool);
        if (!stop && !interrupted && settings.content().deleteMissing())
          deleteMissing(pool);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Failure.interrupted();
      } finally {
        flights.forEach(flight -> flight.sent().cancel(true));
      }
    }
  }

  private void loop(ReadAhead incoming, ResumePoint start, boolean again, ExecutorService pool)
      throws InterruptedException {
    LineBatch batch = new LineBatch(start.after());
    long due = 0;
    boolean ended = false;
    while (!stop && !ended) {
      settleDone();
      if (signal.asked()) {
        incoming.shut();
        if (again || incoming.drained()) {
          interrupted = true;
          break;
        }
      }
      boolean late = !again && batch.lines() > 0 && System.nanoTime() >= due;
      ReadAhead.Read read = late ? null : incoming.next(FLUSH);
      if (read == null) {
        if (!again) // what may be sent a second time is cut in the same places then
          batch = flush(batch, start, pool, false);
        continue;
      }
      if (read.error() != null)
        throw unreadable(read.error());
      if (!begun && batch.lines() == 0)
        resolver.begin(incoming.head().orElseThrow(), session.console()::note);
      if (read.line().isEmpty()) {
        ended = true;
        interrupted = signal.asked();
        break;
      }
      if (batch.lines() == 0)
        due = System.nanoTime() + FLUSH.toNanos();
      LineBatch line = resolved(read.line().get());
      if (!batch.take(line)) {
        batch = flush(batch, start, pool, false);
        batch.take(line);
      }
      // what was sent before is cut in the same places
      int size = start.again(batch.first()) ? start.batchSize() : batchSize;
      if (batch.lines() >= size || batch.bytes() >= BATCH_BYTES)
        batch = flush(batch, start, pool, false);
    }
    if (!stop && !(interrupted && again))
      flush(batch, start, pool, ended);
    while (!flights.isEmpty() && !stop)
      settle();
  }

  /// How the head of the input is read: far where its paths may begin in two places.
  public InputHead.Options headOptions() {
    return resolver.headOptions(settings.nul(), !settings.continuous());
  }

  /// What is told of an input that cannot be read, or is of no use.
  public static Failure unreadable(IOException e) {
    return e instanceof UnusableInput unusable
        ? Failure.usage(String.valueOf(unusable.getMessage()), unusable.instead()).because(e)
        : Failure.usage("the input cannot be read: " + e.getMessage(), "").because(e);
  }

  private LineBatch resolved(Line line) {
    LineBatch batch = new LineBatch(line.position());
    if (line.position().line() >= settings.firstLine())
      try {
        if (line instanceof Line.Marker marker)
          batch.mark(marker);
        resolver.resolve(line, batch);
      } catch (UnsendableLine e) {
        batch.fail(new LineBatch.Failed(line.position().line(), path(line), e.code(), e.text()));
      }
    batch.read(line.position());
    return batch;
  }

  private static String path(Line line) {
    return switch (line) {
      case Line.ChangeLine(var change, _) -> change.path().value();
      case Line.Folder folder -> folder.path() + "/";
      default -> "";
    };
  }

  /// Sends a batch once nothing that shares a path with it is on its way.
  ///
  /// @param last whether there will be no other
  private LineBatch flush(LineBatch batch, ResumePoint start, ExecutorService pool, boolean last)
      throws InterruptedException {
    if (!begun && (last || batch.lines() > 0))
      observer.begins(last ? OptionalLong.of(batch.changes()) : OptionalLong.empty());
    begun |= last || batch.lines() > 0;
    if (batch.lines() == 0)
      return batch;
    Set<String> places = batch.places();
    while (!stop && !flights.isEmpty() && (flights.size() >= atOnce
        || flights.stream().mapToLong(flight -> flight.batch().bytes()).sum()
            + batch.bytes() > BYTES_AT_ONCE
        || flights.stream().anyMatch(flight -> !Collections.disjoint(flight.places(), places))))
      settle();
    if (!stop)
      flights.add(new Flight(batch, places, pool.submit(
          () -> sender.send(batch, start.again(batch.first())))));
    return new LineBatch(batch.through());
  }

  private void settleDone() throws InterruptedException {
    while (!stop && !flights.isEmpty() && flights.element().sent().isDone())
      settle();
  }

  private void settle() throws InterruptedException {
    Flight flight = flights.remove();
    BatchSender.Sent sent;
    try {
      sent = flight.sent().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failure failure)
        throw failure;
      throw new IllegalStateException(e.getCause());
    }
    LineBatch batch = flight.batch();
    List<LineBatch.Failed> failed = new ArrayList<>(batch.unusable());
    failed.addAll(sent.failed());
    sent.totals().forEach((name, count) -> totals.merge(name, count, Long::sum));
    totals.merge("skipped", (long) batch.passed().size(), Long::sum);
    for (LineBatch.Failed one : failed) {
      failures.merge(one.code().isEmpty() ? "unknown" : one.code(), 1L, Long::sum);
      observer.failed(one.line());
      state.ifPresent(s -> s.failed(one.line(), one.path(), one.message()));
    }
    looks.tell(batch, failed);
    if (settings.delivery().onError() == OnError.STOP && !failed.isEmpty()) {
      stop = true;
      return; // this batch is to be looked at again
    }
    state.filter(_ -> batch.through().line() > 0).ifPresent(s -> {
      s.moved(batch.moves());
      if (errors() == 0 && !failedBefore) // else what failed would never be sent again
        batch.markers().forEach(s::mark);
      s.advance(batch.through());
    });
    observer.advanced();
  }

  /// Removes what the index holds and the repositories no longer do.
  private void deleteMissing(ExecutorService pool) throws InterruptedException {
    for (Map.Entry<RepositoryName, Path> entry : origin.compared(resolver.roots()).entrySet()) {
      List<FilePath> gone = new ArrayList<>();
      session.api().files(settings.collection().value(), entry.getKey().value(), line -> {
        FilePath path = new FilePath(line.path("path").asText());
        if (origin.gone(entry.getKey(), entry.getValue(), path))
          gone.add(path);
      });
      ResumePoint fresh = ResumePoint.fresh(batchSize);
      LineBatch batch = new LineBatch(NOWHERE);
      for (FilePath path : gone) {
        Change change = new Change(NOWHERE, Optional.of(entry.getKey()), Op.DELETE, path,
            Optional.empty(), new LineContent.Absent(), ChangeMetadata.NONE, false);
        batch.send(new ResolvedChange(0, entry.getKey(), Op.DELETE, path, Optional.empty(),
            Optional.empty(), false, change));
        batch.read(NOWHERE);
        if (batch.lines() >= batchSize)
          batch = flush(batch, fresh, pool, false);
      }
      flush(batch, fresh, pool, false);
    }
    while (!flights.isEmpty() && !stop)
      settle();
  }

  /// Of a whole run: as the command's exit code.
  public int exitCode() {
    if (interrupted)
      return ExitCode.INTERRUPTED;
    return errors() == 0 && !stop ? ExitCode.OK : ExitCode.PARTIAL;
  }
}
