package elysia.cli.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.cli.session.ExitCode;
import elysia.cli.session.Failure;
import elysia.core.change.Place;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The state file of `index sync`: readable JSON, replaced as a whole after each batch. When it
/// cannot be written the run goes on in memory.
final class RunState implements AutoCloseable {
  private static final int MAX_FAILURES = 1_000;

  private final Path folder;
  private final Path file;
  private final FileChannel lock;
  private ObjectNode state = Json.mapper().createObjectNode();
  private @Nullable IOException trouble;

  private RunState(Path folder, Path file, FileChannel lock) {
    this.folder = folder;
    this.file = file;
    this.lock = lock;
  }

  /// Takes a state directory.
  ///
  /// @return empty when another process has it
  static Optional<RunState> take(Path folder, Path file) {
    try {
      Files.createDirectories(folder);
      FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
          StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      RunState state = new RunState(folder, file, channel);
      state.state = read(file);
      return Optional.of(state);
    } catch (IOException e) {
      throw new Failure(ExitCode.PARTIAL, "the state directory " + folder + " cannot be used",
          "name another with --state-dir").because(e);
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
  static ObjectNode read(Path file) {
    try {
      JsonNode json = Json.mapper().readTree(Files.readAllBytes(file));
      return json instanceof ObjectNode object ? object : Json.mapper().createObjectNode();
    } catch (NoSuchFileException e) {
      return Json.mapper().createObjectNode();
    } catch (IOException e) {
      return Json.mapper().createObjectNode();
    }
  }

  /// Begins a run, or resumes that of the same input and collection which did not come to its end.
  ///
  /// @return the last line that is done
  Place begin(String input, Optional<Inputs.Identity> identity, String collection, Instant now) {
    JsonNode batch = state.path("current_batch");
    boolean resumed = identity.isPresent() && !state.path("status").asText().equals("done")
        && batch.path("input_hash").asText().equals(identity.get().hash())
        && batch.path("input_size").asLong() == identity.get().size()
        && batch.path("collection").asText().equals(collection);
    state.put("last_run", now.toString()).put("status", "running");
    if (resumed)
      return new Place(batch.path("processed_lines").asLong(), 0,
          batch.path("last_position").asLong());
    state.put("run_id", UUID.randomUUID().toString());
    ObjectNode fresh = state.putObject("current_batch").put("input_file", input)
        .put("collection", collection).put("total_lines", identity.map(Inputs.Identity::lines)
            .orElse(0L))
        .put("processed_lines", 0).put("last_position", 0);
    identity.ifPresent(
        id -> fresh.put("input_hash", id.hash()).put("input_size", id.size()));
    fresh.putArray("failures");
    return new Place(0, 0, 0);
  }

  String runId() {
    return state.path("run_id").asText();
  }

  Path folder() {
    return folder;
  }

  void failed(long line, String path, String error) {
    ArrayNode failures = state.withObject("/current_batch").withArray("failures");
    if (failures.size() < MAX_FAILURES)
      failures.addObject().put("line", line).put("path", path).put("error", error);
  }

  /// @param through
  ///          the last line that is done
  void advance(Place through) {
    state.withObject("/current_batch").put("processed_lines", through.line())
        .put("last_position", through.end());
    write();
  }

  void end(String status, Instant now) {
    state.put("status", status);
    if (status.equals("done"))
      state.put("last_successful_run", now.toString());
    write();
  }

  /// Why the state could not be written at last.
  Optional<IOException> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// Leaves a copy for whoever looks into a run that could not go on.
  Path keep() throws IOException {
    Path kept = folder.resolve("failed-run-" + runId() + ".json");
    Files.write(kept, bytes());
    return kept;
  }

  private byte[] bytes() throws IOException {
    return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(state);
  }

  private void write() {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      try (FileChannel out = FileChannel.open(next, StandardOpenOption.CREATE,
          StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
        out.write(java.nio.ByteBuffer.wrap(bytes()));
        out.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      trouble = e;
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) { // released with the process
    }
  }
}
