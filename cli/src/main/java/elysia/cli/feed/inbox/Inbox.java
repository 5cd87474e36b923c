package elysia.cli.feed.inbox;

import elysia.cli.feed.content.LocalPaths;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A folder into which producers put files. A file that is taken moves to
/// `processing/COLLECTION/file`, and from there to `archive` or `failed`. Every move is atomic, so
/// that a file is in one place whatever happens.
public final class Inbox {
  public static final String ERRORS = ".error.json";
  private static final int LONGEST_NAME = 255;

  private record Look(long size, Instant time, Instant since) {}

  private final Path folder;
  private final PathMatcher pattern;
  private final boolean hidden;
  private final Duration quiet;
  private final Path work;
  private final Consumer<String> note;
  private final Set<Path> told = new HashSet<>();
  private Map<Path, Look> looks = new HashMap<>();

  /// @param pattern a glob for names; names with a dot before match only a pattern with one
  /// @param quiet how long nobody must have written to a file
  /// @param note is told of what stays where it is, once
  public Inbox(Path folder, String pattern, String collection, Duration quiet,
      Consumer<String> note) {
    this.folder = folder;
    this.pattern = folder.getFileSystem().getPathMatcher("glob:" + pattern);
    this.hidden = pattern.startsWith(".");
    this.quiet = quiet;
    this.work = folder.resolve("processing").resolve(collection);
    this.note = note;
  }

  /// The state directory of the watcher that works on it.
  public Path work() {
    return work;
  }

  /// The file that was taken and not put away.
  public Optional<Path> taken() throws IOException {
    Path place = work.resolve("file");
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS))
      return Optional.empty();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
      for (Path file : files)
        return Optional.of(file);
    }
    return Optional.empty();
  }

  /// Takes the first complete file by name. One that is still being written holds up those behind
  /// it, since their changes may be later ones of the same files.
  public Optional<Path> take(Instant now) throws IOException {
    Map<Path, Look> seen = new HashMap<>();
    Optional<Path> first = Optional.empty();
    for (Path file : candidates()) {
      BasicFileAttributes is;
      try {
        is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      } catch (NoSuchFileException e) { // another took it
        continue;
      }
      if (!is.isRegularFile()) {
        if (told.size() < 1_000 && told.add(file))
          note.accept(file.getFileName() + ": not a regular file, so it stays where it is");
        continue;
      }
      Instant time = is.lastModifiedTime().toInstant();
      Look before = looks.get(file);
      Look look = before != null && before.size() == is.size() && before.time().equals(time)
          ? before
          : new Look(is.size(), time, now);
      seen.put(file, look);
      boolean complete = time.plus(quiet).isBefore(now) || !look.since().plus(quiet).isAfter(now);
      first = Optional.of(file).filter(_ -> complete);
      break;
    }
    looks = seen;
    return first.isPresent() ? claim(first.get()) : Optional.empty();
  }

  private List<Path> candidates() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder, this::matches)) {
      listing.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(Comparator.comparing(Path::getFileName));
    return files;
  }

  private boolean matches(Path file) {
    Path name = file.getFileName();
    return pattern.matches(name) && (hidden || !name.toString().startsWith("."));
  }

  private Optional<Path> claim(Path file) throws IOException {
    Path place = Files.createDirectories(work.resolve("file"));
    try {
      return Optional.of(Files.move(file, place.resolve(file.getFileName()),
          StandardCopyOption.ATOMIC_MOVE));
    } catch (NoSuchFileException e) { // another took it
      return Optional.empty();
    }
  }

  /// Puts a file away under a name that is free.
  ///
  /// @return where it is now
  public Path archive(Path file) throws IOException {
    return putAway(file, "archive", "", Optional.empty());
  }

  /// The same among those with errors.
  ///
  /// @param errors a document that goes beside it
  public Path fail(Path file, Object errors) throws IOException {
    byte[] bytes = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(errors);
    return putAway(file, "failed", ERRORS, Optional.of(bytes));
  }

  private Path putAway(Path file, String where, String suffix, Optional<byte[]> beside)
      throws IOException {
    Path target = Files.createDirectories(folder.resolve(where));
    synchronized (Inbox.class) {
      // Watchers of several collections may put away files of one name at the same time.
      try (FileChannel channel = FileChannel.open(target.resolve(".lock"),
          StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        Path free = free(target, file, suffix);
        if (beside.isPresent())
          write(beside(free, suffix), beside.get());
        return Files.move(file, free, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) { // the file itself matters more
      note.accept(file.getFileName() + " cannot be written: " + e);
    }
  }

  private static Path free(Path target, Path file, String suffix) {
    Path free = target.resolve(file.getFileName());
    for (int n = 2; taken(free) || (!suffix.isEmpty() && taken(beside(free, suffix))); n++)
      free = beside(target.resolve(file.getFileName()), "." + n);
    return free;
  }

  private static boolean taken(Path path) {
    return !Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
  }

  public static Path beside(Path file, String suffix) {
    return LocalPaths.beside(file, suffix, LONGEST_NAME);
  }
}
