package elysia.cli.index;

import elysia.cli.index.FeedOptions.OnError;
import elysia.cli.output.Text;
import elysia.cli.session.ExitCode;
import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import elysia.core.change.Change;
import elysia.core.change.ChangeReader;
import elysia.core.change.Content;
import elysia.core.change.Facts;
import elysia.core.change.Line;
import elysia.core.change.Op;
import elysia.core.change.Place;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One run: reads lines, sends them in batches, and keeps the state. Batches that share no path are
/// on their way together; their results are taken in order, so that everything before the state's
/// position is done.
final class Feed {
  private static final int AT_ONCE = 4;
  private static final int READ_AHEAD = 16;
  private static final long BATCH_BYTES = 1 << 20;
  private static final long FLUSH_MILLIS = 300;

  private record Read(Optional<Line> line, @Nullable IOException error) {}

  private record Flight(Batch batch, Set<String> places, Future<Sender.Sent> sent) {}

  private final Session session;
  private final FeedOptions options;
  private final Resolver resolver;
  private final Sender sender;
  private final Optional<RunState> state;
  private final boolean tellBatches;
  private final Deque<Flight> flights = new ArrayDeque<>();
  private final Map<String, Long> totals = new TreeMap<>();
  private final int batchSize;
  private long errors;
  private boolean stop;

  /// @param state
  ///          absent when nothing is to be kept
  /// @param tellBatches
  ///          whether each batch gets a line of its own
  Feed(Session session, FeedOptions options, Sender sender, Optional<RunState> state,
      boolean tellBatches) {
    this.session = session;
    this.options = options;
    this.resolver = options.resolver(session);
    this.sender = sender;
    this.state = state;
    this.tellBatches = tellBatches;
    this.batchSize = options.batchSize(session);
  }

  Map<String, Long> totals() {
    return totals;
  }

  long errors() {
    return errors;
  }

  /// Whether it ended at a failed line because the user wants that.
  boolean stopped() {
    return stop;
  }

  /// Reads to the end of the input.
  ///
  /// @param after
  ///          the last line that was done before: the input goes on there
  /// @throws Failure
  ///           the node could not take a batch; the state says where to go on
  void run(InputStream input, Place after) {
    BlockingQueue<Read> queue = new ArrayBlockingQueue<>(READ_AHEAD);
    Thread reader = Thread.ofVirtual().start(() -> read(input, after, queue));
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        loop(queue, after, pool);
        if (!stop && options.deletes(session))
          deleteMissing(pool);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Failure.interrupted();
      } finally {
        reader.interrupt();
        flights.forEach(flight -> flight.sent().cancel(true));
      }
    }
  }

  private static void read(InputStream input, Place after, BlockingQueue<Read> queue) {
    ChangeReader reader = new ChangeReader(input, Inputs.SETTINGS, after);
    try {
      Optional<Line> line;
      do {
        Read read;
        try {
          line = reader.next();
          read = new Read(line, null);
        } catch (IOException e) {
          line = Optional.empty();
          read = new Read(line, e);
        }
        queue.put(read);
      } while (line.isPresent());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody wants more
    }
  }

  private void loop(BlockingQueue<Read> queue, Place after, ExecutorService pool)
      throws InterruptedException {
    Batch batch = new Batch(after);
    while (!stop) {
      boolean nothing = batch.lines() == 0 && flights.isEmpty();
      Read read = nothing ? queue.take() : queue.poll(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
      if (read == null) {
        batch = flush(batch, pool);
        settleDone();
        continue;
      }
      if (read.error() != null)
        throw Failure.usage("the input cannot be read: " + read.error().getMessage(), "");
      if (read.line().isEmpty())
        break;
      take(batch, read.line().get());
      if (batch.lines() >= batchSize || batch.bytes() >= BATCH_BYTES)
        batch = flush(batch, pool);
    }
    if (!stop)
      flush(batch, pool);
    while (!flights.isEmpty() && !stop)
      settle();
  }

  private void take(Batch batch, Line line) {
    if (line.place().line() >= options.fromLine)
      try {
        resolver.resolve(line, batch::add);
      } catch (Unusable e) {
        batch.fail(new Batch.Failed(line.place().line(), path(line), e.code(), e.text()));
      }
    batch.read(line.place());
  }

  private static String path(Line line) {
    return switch (line) {
      case Line.ChangeLine(var change, _) -> change.path().value();
      case Line.Folder folder -> folder.path() + "/";
      default -> "";
    };
  }

  /// Sends a batch once nothing that shares a path with it is on its way.
  private Batch flush(Batch batch, ExecutorService pool) throws InterruptedException {
    if (batch.lines() == 0)
      return batch;
    Set<String> places = batch.places();
    while (!stop && !flights.isEmpty() && (flights.size() >= AT_ONCE || flights.stream()
        .anyMatch(flight -> !Collections.disjoint(flight.places(), places))))
      settle();
    if (!stop)
      flights.add(new Flight(batch, places, pool.submit(() -> sender.send(batch))));
    return new Batch(batch.through());
  }

  private void settleDone() throws InterruptedException {
    while (!stop && !flights.isEmpty() && flights.element().sent().isDone())
      settle();
  }

  private void settle() throws InterruptedException {
    Flight flight = flights.remove();
    Sender.Sent sent;
    try {
      sent = flight.sent().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failure failure)
        throw failure;
      throw new IllegalStateException(e.getCause());
    }
    Batch batch = flight.batch();
    List<Batch.Failed> failed = new ArrayList<>(batch.unusable());
    failed.addAll(sent.failed());
    sent.totals().forEach((name, count) -> totals.merge(name, count, Long::sum));
    errors += failed.size();
    tell(batch, failed);
    if (options.onError == OnError.STOP && !failed.isEmpty()) {
      stop = true;
      return; // this batch is to be looked at again
    }
    state.filter(_ -> batch.through().line() > 0).ifPresent(s -> s.advance(batch.through()));
  }

  private void tell(Batch batch, List<Batch.Failed> failed) {
    Set<Long> lines = new HashSet<>();
    for (Batch.Failed one : failed) {
      lines.add(one.line());
      session.console().error("line " + one.line() + ": "
          + (one.path().isEmpty() ? "" : Text.safe(one.path()) + ": ") + Text.safe(one.message()));
      state.ifPresent(s -> s.failed(one.line(), one.path(), one.message()));
    }
    if (!session.output().table())
      return;
    StringBuilder looks = new StringBuilder();
    if (!session.console().quiet())
      for (Item item : batch.items())
        if (!lines.contains(item.line()))
          looks.append(item.look()).append('\n');
    if (tellBatches && batch.through().line() > 0)
      looks.append("[PROCESSED] Line ").append(batch.first()).append('-')
          .append(batch.through().line()).append(": ").append(batch.lines() - lines.size())
          .append(" success, ").append(lines.size()).append(" failed\n");
    if (!looks.isEmpty())
      session.console().data(looks.substring(0, looks.length() - 1));
  }

  /// Removes what the index holds of the repositories met, and their folders do not.
  private void deleteMissing(ExecutorService pool) throws InterruptedException {
    for (Map.Entry<RepositoryName, Path> entry : resolver.roots().entrySet()) {
      Path root = entry.getValue();
      if (!Files.isDirectory(root))
        continue;
      List<FilePath> gone = new ArrayList<>();
      session.api().files(options.collection, entry.getKey().value(), line -> {
        FilePath path = new FilePath(line.path("path").asText());
        if (missing(root, path))
          gone.add(path);
      });
      Place nowhere = new Place(0, 0, 0);
      Batch batch = new Batch(nowhere);
      for (FilePath path : gone) {
        Change change = new Change(nowhere, Optional.of(entry.getKey()), Op.DELETE, path,
            Optional.empty(), new Content.Absent(), Facts.NONE, false);
        batch.add(new Item(0, entry.getKey(), Op.DELETE, path, Optional.empty(),
            Optional.empty(), false, change));
        batch.read(nowhere);
        if (batch.lines() >= batchSize)
          batch = flush(batch, pool);
      }
      flush(batch, pool);
    }
    while (!flights.isEmpty() && !stop)
      settle();
  }

  private static boolean missing(Path root, FilePath path) {
    try {
      return path.safe() && Files.notExists(
          root.resolve(new String(path.bytes(), java.nio.charset.StandardCharsets.UTF_8)),
          LinkOption.NOFOLLOW_LINKS);
    } catch (java.nio.file.InvalidPathException e) {
      return false;
    }
  }

  /// Of a whole run: as the command's exit code.
  int exitCode() {
    return errors == 0 && !stop ? ExitCode.OK : ExitCode.PARTIAL;
  }
}
