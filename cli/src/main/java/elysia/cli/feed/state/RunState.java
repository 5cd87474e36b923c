package elysia.cli.feed.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.cli.feed.input.Inputs;
import elysia.core.change.Line;
import elysia.core.change.LinePosition;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The state file of `index sync`: readable JSON, replaced as a whole after each batch. When it
/// cannot be written the run continues in memory.
public final class RunState implements AutoCloseable {
  private static final int MAX_FAILURES = 1_000;
  private static final int MAX_CHANGESETS = 1_000;
  private static final String LOCK = "lock";
  /// What stands before the line at which a run stopped: its bytes, and their hash.
  private static final String KEPT_SIZE = "kept_size";
  private static final String KEPT_HASH = "kept_hash";
  /// Where producers said that repositories stand.
  public static final String CHANGESETS = "changesets";

  private final Path folder;
  private final Path file;
  private final Optional<FileChannel> lock;
  private final Consumer<IOException> warn;
  private ObjectNode state = Json.mapper().createObjectNode();
  private @Nullable IOException trouble;
  private boolean damaged;

  private RunState(Path folder, Path file, Optional<FileChannel> lock,
      Consumer<IOException> warn) {
    this.folder = folder;
    this.file = file;
    this.lock = lock;
    this.warn = warn;
  }

  /// Takes a state directory.
  ///
  /// @param warn is told the first time that something cannot be written
  /// @return empty when another process has it
  public static Optional<RunState> take(Path folder, Path file, Consumer<IOException> warn) {
    try {
      Files.createDirectories(folder);
      FileChannel channel = open(folder.resolve(LOCK));
      if (tryLock(channel) == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(taken(folder, file, channel, warn));
    } catch (IOException e) {
      RunState state = new RunState(folder, file, Optional.empty(), warn);
      state.inTrouble(e);
      return Optional.of(state);
    }
  }

  /// The same, after the run that has it. One that waits is enough where each looks for itself at
  /// what is to be done.
  ///
  /// @param one whether to give up when another waits already
  /// @return empty when another waits already
  public static Optional<RunState> await(Path folder, Path file, boolean one,
      Consumer<IOException> warn) {
    try {
      Files.createDirectories(folder);
      try (FileChannel turn = open(folder.resolve("waiting"))) {
        if (one && tryLock(turn) == null)
          return Optional.empty();
        FileChannel channel = open(folder.resolve(LOCK));
        if (!channel.lock().isValid())
          throw new IOException("the lock was lost");
        return Optional.of(taken(folder, file, channel, warn));
      }
    } catch (IOException e) {
      RunState state = new RunState(folder, file, Optional.empty(), warn);
      state.inTrouble(e);
      return Optional.of(state);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static RunState taken(Path folder, Path file, FileChannel channel,
      Consumer<IOException> warn) {
    RunState state = new RunState(folder, file, Optional.of(channel), warn);
    state.state = read(file);
    state.damaged = state.state.isEmpty() && Files.exists(file);
    return state;
  }

  /// Whether there is a state file in which nothing can be read.
  public boolean damaged() {
    return damaged;
  }

  /// Whether a process works in a state directory.
  public static boolean inUse(Path folder) {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      return tryLock(channel) == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) { // another thread of this process
      return null;
    }
  }

  /// What is written, without taking it; empty when nothing is.
  public static ObjectNode read(Path file) {
    try {
      JsonNode json = Json.mapper().readTree(Files.readAllBytes(file));
      return json instanceof ObjectNode object ? object : Json.mapper().createObjectNode();
    } catch (IOException e) { // none, or none that can be resumed
      return Json.mapper().createObjectNode();
    }
  }

  /// Begins a run, or resumes that of the same input and collection which did not come to its end.
  ///
  /// @param batchSize lines of a batch
  /// @param atOnce batches that are on their way together
  public ResumePoint begin(String input, Optional<Inputs.Identity> identity, String collection,
      int batchSize,
      int atOnce, Instant now) {
    boolean resumed = identity.isPresent() && !state.path("status").asText().equals("done")
        && same(identity.get(), collection);
    state.put("last_run", now.toString()).put("status", "running");
    if (resumed) {
      ResumePoint start = resumed(state.withObject("/current_batch"), batchSize, atOnce);
      write();
      return start;
    }
    state.put("run_id", UUID.randomUUID().toString());
    ObjectNode fresh = state.putObject("current_batch").put("input_file", input)
        .put("collection", collection).put("total_lines", identity.map(Inputs.Identity::lines)
            .orElse(0L))
        .put("processed_lines", 0).put("last_position", 0).put("batch_size", batchSize);
    identity.ifPresent(
        id -> fresh.put("input_hash", id.hash()).put("input_size", id.size()));
    fresh.put("failed_lines", 0).putArray("failures");
    write(); // by its name the node knows a batch again that was sent before this process died
    return ResumePoint.fresh(batchSize);
  }

  private static ResumePoint resumed(ObjectNode batch, int batchSize, int atOnce) {
    long done = batch.path("processed_lines").asLong();
    ArrayNode failures = batch.withArray("failures");
    long failed = batch.path("failed_lines").asLong();
    for (int i = failures.size() - 1; i >= 0
        && failures.path(i).path("line").asLong() > done; i--) {
      failures.remove(i); // of a batch that is looked at again
      failed--;
    }
    batch.put("failed_lines", failed);
    int before = batch.path("batch_size").asInt(batchSize);
    batch.put("batch_size", Math.max(before, batchSize));
    return new ResumePoint(new LinePosition(done, 0, batch.path("last_position").asLong()),
        (long) before * atOnce, before, failed);
  }

  /// What of a finished input cannot be done twice: renames that were sent without content.
  ///
  /// @return their number; 0 for an input that has not come to its end here
  public long moves(Optional<Inputs.Identity> identity, String collection) {
    return identity.isPresent() && finished(identity.get(), collection)
        ? state.path("current_batch").path("moves").asLong()
        : 0;
  }

  /// The run that did not come to its end and that this one is begun in place of.
  public Optional<String> givenUp(Optional<Inputs.Identity> identity, String collection) {
    JsonNode batch = state.path("current_batch");
    if (!batch.has("input_hash") || state.path("status").asText().equals("done")
        || (identity.isPresent() && same(identity.get(), collection)))
      return Optional.empty();
    return Optional.of(batch.path("input_file").asText() + " into "
        + batch.path("collection").asText() + ", done up to line "
        + batch.path("processed_lines").asLong());
  }

  public long failedLines() {
    return state.path("current_batch").path("failed_lines").asLong();
  }

  public String lastSuccess() {
    return state.path("last_successful_run").asText();
  }

  /// Whether this very input came to its end before, in this collection.
  public boolean finished(Inputs.Identity identity, String collection) {
    return state.path("status").asText().equals("done") && same(identity, collection);
  }

  private boolean same(Inputs.Identity identity, String collection) {
    JsonNode batch = state.path("current_batch");
    return batch.path("input_hash").asText().equals(identity.hash())
        && batch.path("input_size").asLong() == identity.size()
        && batch.path("collection").asText().equals(collection);
  }

  /// The input has grown since: what was done of it stays done, also when that was all.
  ///
  /// @param identify tells what the first bytes of the input are
  public void grown(Inputs.Identity now, LongFunction<Inputs.Identity> identify) {
    JsonNode known = state.path("current_batch");
    long size = known.path("input_size").asLong();
    if (!known.has("input_hash") || size >= now.size())
      return;
    Inputs.Identity before = identify.apply(size);
    if (!known.path("input_hash").asText().equals(before.hash()))
      return;
    ObjectNode batch = state.withObject("/current_batch");
    if (known.path("last_position").asLong() > before.whole()) // its last line was not yet one
      batch.put("last_position", before.whole()).put("processed_lines", before.lines() - 1);
    identified(now);
    state.put("status", "grown");
  }

  private void identified(Inputs.Identity now) {
    state.withObject("/current_batch").put("input_hash", now.hash()).put("input_size", now.size())
        .put("total_lines", now.lines());
  }

  /// The run stopped at a line of its input.
  ///
  /// @param offset tells where a line begins
  /// @param identify tells what the first bytes of the input are
  public void stoppedIn(LongUnaryOperator offset, LongFunction<Inputs.Identity> identify) {
    ObjectNode batch = state.withObject("/current_batch");
    long done = batch.path("processed_lines").asLong();
    long line = StreamSupport.stream(batch.path("failures").spliterator(), false)
        .mapToLong(failure -> failure.path("line").asLong()).filter(failed -> failed > done).min()
        .orElse(done + 1);
    Inputs.Identity kept = identify.apply(offset.applyAsLong(line));
    batch.put(KEPT_SIZE, kept.size()).put(KEPT_HASH, kept.hash());
  }

  /// The input was fixed where a run stopped: what was done before stays done, and what comes then
  /// may have been. An input that begins otherwise is another one, whatever it is called.
  ///
  /// @param identify tells what the first bytes of the input are
  public void inputFixed(String input, Inputs.Identity now,
      LongFunction<Inputs.Identity> identify) {
    JsonNode known = state.path("current_batch");
    long kept = known.path(KEPT_SIZE).asLong();
    boolean stopped = state.path("status").asText().equals("stopped");
    if (stopped && kept > 0 && kept <= now.size()
        && known.path("input_file").asText().equals(input)
        && identify.apply(kept).hash().equals(known.path(KEPT_HASH).asText()))
      identified(now);
  }

  /// Begins with nothing, as if there had been no run.
  public void forget() throws IOException {
    if (state.isEmpty())
      return;
    Files.deleteIfExists(kept());
    Files.deleteIfExists(file);
    state = Json.mapper().createObjectNode();
  }

  /// What failed so far: `line`, `path`, `error`; the first thousand.
  public JsonNode failures() {
    return state.path("current_batch").path("failures");
  }

  public String runId() {
    return state.path("run_id").asText();
  }

  public Path folder() {
    return folder;
  }

  public void failed(long line, String path, String error) {
    ObjectNode batch = state.withObject("/current_batch");
    batch.put("failed_lines", batch.path("failed_lines").asLong() + 1);
    ArrayNode failures = batch.withArray("failures");
    if (failures.size() < MAX_FAILURES)
      failures.addObject().put("line", line).put("path", path).put("error", error);
  }

  /// Renames without content were done.
  public void moved(long count) {
    ObjectNode batch = state.withObject("/current_batch");
    if (count > 0)
      batch.put("moves", batch.path("moves").asLong() + count);
  }

  /// A producer's note, all of whose lines are done, none failed: that of each repository is kept
  /// beyond the run.
  public void mark(Line.Marker marker) {
    ObjectNode all = state.withObject("/" + CHANGESETS);
    all.remove(marker.repo().value());
    while (all.size() >= MAX_CHANGESETS)
      all.remove(all.fieldNames().next());
    ObjectNode one = all.putObject(marker.repo().value());
    marker.commit().ifPresent(commit -> one.put("commit", commit));
    marker.branch().ifPresent(branch -> one.put("branch", branch));
  }

  /// @param through the last line that is done
  public void advance(LinePosition through) {
    state.withObject("/current_batch").put("processed_lines", through.line())
        .put("last_position", through.end());
    write();
  }

  public void end(String status, Instant now) {
    state.put("status", status);
    if (status.equals("done"))
      state.put("last_successful_run", now.toString());
    write();
  }

  /// Why the state could not be written at last.
  public Optional<IOException> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// Leaves a copy for a person who looks into a run that could not continue.
  public Path keep() throws IOException {
    Path kept = kept();
    Files.write(kept, bytes());
    return kept;
  }

  private Path kept() {
    return folder.resolve("failed-run-" + runId() + ".json");
  }

  private byte[] bytes() throws IOException {
    return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(state);
  }

  private void write() {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      try (FileChannel out = FileChannel.open(next, StandardOpenOption.CREATE,
          StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes());
        while (bytes.hasRemaining())
          out.write(bytes);
        out.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      inTrouble(e);
    }
  }

  private void inTrouble(IOException e) {
    if (trouble == null)
      warn.accept(e);
    trouble = e;
  }

  @Override
  public void close() {
    if (lock.isPresent())
      try {
        lock.get().close();
      } catch (IOException e) { // released with the process
      }
  }
}
