package elysia.cli.feed.detect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.cli.feed.content.LineResolver;
import elysia.cli.feed.content.LocalPaths;
import elysia.core.identity.FilePath;
import elysia.core.identity.Sha256;
import elysia.core.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Finds what changed in a folder without Git, by what it looked like before: times and sizes
/// first, checksums where these could deceive. Both the folder and what is remembered of it are read
/// in the order of paths, side by side, so that memory does not grow with either.
public final class FolderScan {
  /// A clock of a file system may be that coarse: a file can change twice within it.
  private static final Duration COARSE = Duration.ofSeconds(2);

  private record Seen(FilePath path, long time, long size, String hash) {
    static Seen of(JsonNode json) {
      return new Seen(new FilePath(json.path("path").asText()), json.path("time").asLong(),
          json.path("size").asLong(), json.path("hash").asText());
    }

    ObjectNode json() {
      return Json.mapper().createObjectNode().put("path", path.value()).put("time", time)
          .put("size", size).put("hash", hash);
    }
  }

  /// @param order a char for each byte of the name, and a slash after a folder's
  private record Child(Path path, String order, boolean folder) {}

  private final Path root;
  private final Path leftOut;
  private final Instant lookedBefore;
  private final @Nullable BufferedReader before;
  private final BufferedWriter now;
  private final CommittedFiles.Visitor changed;
  private final BiConsumer<Path, IOException> unreadable;
  private final List<FilePath> unread = new ArrayList<>();
  private Optional<Seen> next = Optional.empty();

  /// @param leftOut a folder that is not looked into
  /// @param lookedBefore when `before` was written
  /// @param before lines of the last time, behind their head; null the first time
  /// @param now takes lines for the next time
  public FolderScan(Path root, Path leftOut, Instant lookedBefore, @Nullable BufferedReader before,
      BufferedWriter now, CommittedFiles.Visitor changed,
      BiConsumer<Path, IOException> unreadable) {
    this.root = root;
    this.leftOut = leftOut;
    this.lookedBefore = lookedBefore;
    this.before = before;
    this.now = now;
    this.changed = changed;
    this.unreadable = unreadable;
  }

  public void look() throws IOException {
    next = read();
    look(root);
    while (next.isPresent())
      passed(next.get());
  }

  private void look(Path folder) throws IOException {
    List<Child> children = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder)) {
      for (Path child : listing) {
        boolean below = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
        String name = new String(LocalPaths.relative(folder, child).bytes(),
            StandardCharsets.ISO_8859_1);
        String order = below ? name + "/" : name;
        children.add(new Child(child, order, below));
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      if (folder.equals(root))
        throw new IOException(root + " cannot be listed: " + e, e);
      unread.add(LocalPaths.relative(root, folder));
      unreadable.accept(folder, e instanceof IOException io ? io : new IOException(e));
      return;
    }
    children.sort(Comparator.comparing(Child::order));
    for (Child child : children)
      if (!child.folder())
        file(child.path());
      else if (!child.path().equals(leftOut)
          && !String.valueOf(child.path().getFileName()).equalsIgnoreCase(".git"))
        look(child.path());
  }

  private void file(Path file) throws IOException {
    FilePath path = LocalPaths.relative(root, file);
    BasicFileAttributes is;
    try {
      is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) { // gone since it was listed
      return;
    }
    if (!is.isRegularFile() || !path.safe())
      return;
    while (next.isPresent() && next.get().path().compareTo(path) < 0)
      passed(next.get());
    Optional<Seen> was = next.filter(seen -> seen.path().equals(path));
    if (was.isPresent())
      next = read();
    long time = is.lastModifiedTime().toInstant().toEpochMilli();
    if (was.isPresent() && was.get().size() == is.size() && was.get().time() == time
        && time < lookedBefore.minus(COARSE).toEpochMilli()) {
      write(was.get());
      return;
    }
    try {
      Seen seen = new Seen(path, time, is.size(),
          is.size() > LineResolver.MAX_FILE ? "" : hash(file));
      if (was.isEmpty() || !was.get().hash().equals(seen.hash())
          || was.get().size() != seen.size())
        changed.visit(new CommittedFiles.Entry(path, was.isEmpty(), Optional.of("")));
      write(seen);
    } catch (java.nio.file.AccessDeniedException e) { // fails its line; looked at again next time
      changed.visit(new CommittedFiles.Entry(path, was.isEmpty(), Optional.of("")));
    }
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] piece = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece))
        digest.update(piece, 0, n);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// A file that was there: gone, or not to be seen just now.
  private void passed(Seen seen) throws IOException {
    if (unread.stream().anyMatch(folder -> seen.path().value().startsWith(folder + "/")))
      write(seen);
    else
      changed.visit(new CommittedFiles.Entry(seen.path(), false, Optional.empty()));
    next = read();
  }

  private Optional<Seen> read() throws IOException {
    String line = before == null ? null : before.readLine();
    return line == null ? Optional.empty() : Optional.of(Seen.of(Json.mapper().readTree(line)));
  }

  private void write(Seen seen) throws IOException {
    now.write(seen.json() + "\n");
  }
}
