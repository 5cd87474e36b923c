package elysia.deploy.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import elysia.core.json.Json;
import elysia.http.route.Audit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `audit.log` and `refused.log` in a folder, one JSON document a line. They are two, so that one
/// who is refused ten thousand times pushes out no line of a change.
public final class AuditLog implements Audit {
  private record Line(Instant at, Optional<String> who, String from, String action,
      Map<String, String> what, int status, Optional<String> code) {}

  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long FILE = 10 << 20; // bytes
  private static final int FILES = 10;
  private static final int REFUSALS = 100;

  private final RotatingFile changes;
  private final RotatingFile refusals;
  private final Semaphore room = new Semaphore(REFUSALS);
  private final InstantSource clock;
  private final Executor blocking;

  public AuditLog(Path folder, InstantSource clock, Executor blocking) {
    this.changes = new RotatingFile(folder.resolve("audit.log"), FILE, FILES);
    this.refusals = new RotatingFile(folder.resolve("refused.log"), FILE, 2);
    this.clock = clock;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Void> changed(Entry entry) {
    return CompletableFuture.runAsync(() -> write(changes, entry), blocking);
  }

  /// One that comes when many are still to be written is left out: its request was counted.
  @Override
  public void refused(Entry entry) {
    if (!room.tryAcquire())
      return;
    blocking.execute(() -> {
      try {
        write(refusals, entry);
      } finally {
        room.release();
      }
    });
  }

  private void write(RotatingFile file, Entry entry) {
    try {
      file.append((Json.mapper().writeValueAsString(new Line(clock.instant(), present(entry.who()),
          entry.from(), entry.action(), entry.what(), entry.status(), present(entry.code())))
          + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) { // what was asked has happened: the log of the node must tell
      LOG.error("audit: not written: {} by {} from {}, status {}: {}", entry.action(), entry.who(),
          entry.from(), entry.status(), e.toString());
    }
  }

  private static Optional<String> present(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }
}
