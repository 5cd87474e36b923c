package elysia.deploy.node;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A node's hold on its home: one node owns it, and the system lets go when the process ends,
/// however it ends.
final class HomeLock implements AutoCloseable {
  /// Less than this is full: the journal could not even be opened.
  private static final long LEAST_SPACE = 4_000_000;

  private final Path home;
  private final FileChannel channel;
  private final FileLock lock;
  private boolean closed;

  private HomeLock(Path home, FileChannel channel, FileLock lock) {
    this.home = home;
    this.channel = channel;
    this.lock = lock;
  }

  /// @throws IllegalStateException when another node owns it, with that node's pid, or when the
  ///           folder cannot be used
  static HomeLock take(Path home) {
    try {
      Files.createDirectories(home);
      for (String part : List.of("", "journal", "index"))
        checkSpace(home.resolve(part));
      if (Files.getFileStore(home).supportsFileAttributeView("posix"))
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
      FileChannel channel = FileChannel.open(home.resolve("node.lock"), StandardOpenOption.CREATE,
          StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new IllegalStateException("home " + home + " belongs to a running node" + owner(home)
            + ": stop it with `elysiactl server stop`, or give this one another --home");
      }
      return new HomeLock(home, channel, lock);
    } catch (IOException e) {
      throw new IllegalStateException("home " + home + " cannot be used: " + e
          + " (expected: a folder that this user can write)", e);
    }
  }

  private static void checkSpace(Path folder) throws IOException {
    if (!Files.isDirectory(folder))
      return;
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < LEAST_SPACE)
      throw new IllegalStateException("the disk with " + folder + " is full: " + free / 1_000
          + " kB are free (expected: at least " + LEAST_SPACE / 1_000
          + " kB). Make room, then start the node again; it goes on where it was");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String owner(Path home) {
    try {
      JsonNode node = Json.mapper().readTree(Files.readAllBytes(home.resolve("node.json")));
      return " (pid " + node.path("pid").asLong() + ", " + node.path("url").asText() + ")";
    } catch (IOException e) {
      return "";
    }
  }

  /// Tells clients on this machine where the node is; nothing more once it is closed.
  synchronized void announce(URI url) throws IOException {
    if (closed)
      return;
    Path fresh = home.resolve("node.json.new");
    Files.write(fresh, Json.mapper()
        .writeValueAsBytes(Map.of("pid", ProcessHandle.current().pid(), "url", url.toString())));
    Files.move(fresh, home.resolve("node.json"), StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    Files.deleteIfExists(home.resolve("node.json"));
    lock.release();
    channel.close();
  }
}
