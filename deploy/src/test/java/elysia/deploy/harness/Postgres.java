package elysia.deploy.harness;

import elysia.testkit.process.Await;
import elysia.testkit.process.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL that can be stopped, killed and started again on the same port and data.
public final class Postgres implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(20);
  private static final String USER = "postgres";

  private final Path data;
  private final int port;
  private @Nullable EmbeddedPostgres server;

  private Postgres(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  /// @param data its folder, made when it is not there
  public static Postgres start(Path data) throws IOException {
    Postgres postgres = new Postgres(data, Ports.free(1).getFirst());
    postgres.start();
    return postgres;
  }

  /// Nothing when it runs already, as when two losses of it overlapped.
  public void start() throws IOException {
    if (server != null)
      return;
    Files.deleteIfExists(data.resolve("postmaster.pid")); // left by one that was killed
    server = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false)
        .setPort(port).setPGStartupWait(START).setServerConfig("fsync", "off")
        .setServerConfig("synchronous_commit", "on") // as shipped; the library turns it off
        .setServerConfig("max_connections", "300").start();
  }

  /// For `ELYSIACTL_DB_URL`.
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
  }

  /// An orderly end, with running transactions cut off.
  public void stop() throws IOException {
    EmbeddedPostgres stopped = server;
    server = null;
    if (stopped != null)
      stopped.close();
  }

  /// kill -9 of the server; its children end by themselves.
  public void kill() throws IOException {
    EmbeddedPostgres killed = server;
    server = null;
    if (killed == null)
      return;
    ProcessHandle handle = postmaster();
    var children = handle.children().toList();
    handle.destroyForcibly();
    Await.so("the end of PostgreSQL", END,
        () -> !handle.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
    killed.close();
  }

  /// The folder of its programs.
  public Path programs() throws IOException {
    return Path.of(postmaster().info().command().orElseThrow()).resolveSibling("");
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
