package elysia.cli.feed.content;

import elysia.cli.feed.input.InputFormat;
import elysia.cli.feed.input.InputHead;
import elysia.cli.feed.input.IoReason;
import elysia.cli.output.Text;
import elysia.core.change.Bytes;
import elysia.core.change.Change;
import elysia.core.change.ChangeMetadata;
import elysia.core.change.Line;
import elysia.core.change.LineContent;
import elysia.core.change.LinePosition;
import elysia.core.change.Op;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.identity.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Turns lines into changes with their content, which is read from this machine where a line does
/// not carry it.
public final class LineResolver {
  /// A larger file is never sent.
  public static final long MAX_FILE = 10_000_000;

  public static final String NOT_DELETED = "deleted; --delete-missing removes it from the index";

  /// Takes what becomes of lines.
  public interface Sink {
    void send(ResolvedChange item);

    /// Nothing is to be done, and the user should know why.
    void passOver(long line, FilePath path, String why);
  }

  private final WorkTrees trees;
  private final ContentSource source;
  private final boolean deleteMissing;
  private final Map<RepositoryName, Path> roots = new TreeMap<>();

  /// @param deleteMissing a named file that is not there is deleted
  public LineResolver(WorkTrees trees, ContentSource source, boolean deleteMissing) {
    this.trees = trees;
    this.source = source;
    this.deleteMissing = deleteMissing;
  }

  /// How the head of an input is read.
  ///
  /// @param nul its lines end with NUL
  /// @param ends it can be waited for
  public InputHead.Options headOptions(boolean nul, boolean ends) {
    return new InputHead.Options(nul, ends && trees.twoBases(), trees::exists);
  }

  /// Lines of an input follow.
  ///
  /// @param note takes what the user should know
  public void begin(InputHead head, Consumer<String> note) {
    if (head.format() != InputFormat.OBJECTS && head.complete())
      trees.decide(head.paths(), head.format().fromTop())
          .ifPresent(what -> note.accept("note: " + Text.safe(what)));
  }

  /// Folders of the repositories met so far, as far as they were needed: all of them where what is
  /// missing is deleted.
  public Map<RepositoryName, Path> roots() {
    return roots;
  }

  /// Gives the changes of a line to the sink; none where nothing is to be done.
  ///
  /// @throws UnsendableLine saying why the line cannot be sent
  public void resolve(Line line, Sink sink) throws UnsendableLine {
    switch (line) {
      case Line.ChangeLine(var change, _) -> change(change, sink);
      case Line.Folder folder -> folder(folder, sink);
      case Line.BadLine bad -> throw new UnsendableLine("bad_line", bad.text());
      case Line.Marker _,Line.Ignored _ -> {
      }
    }
  }

  private void change(Change change, Sink sink) throws UnsendableLine {
    if (change.repo().isEmpty())
      named(change, sink);
    else
      contract(relative(change, change.repo().get()), change.repo().get(), sink);
  }

  /// A change whose repository is the work tree around the file.
  private void named(Change change, Sink sink) throws UnsendableLine {
    switch (change.op()) {
      case DELETE -> located(change.path()).ifPresent(found -> deleted(found, change, sink));
      case RENAME -> {
        Optional<WorkTrees.Located> from = located(change.path());
        if (from.isPresent() && WorkTrees.absent(from.get().file()))
          deleted(from.get(), change, sink);
        else if (from.isPresent()) // two files that took each other's names
          file(change.path(), change, sink);
        file(change.newPath().orElseThrow(), change, sink);
      }
      case ADD, MODIFY -> file(change.path(), change, sink);
    }
  }

  private Optional<WorkTrees.Located> located(FilePath written) throws UnsendableLine {
    try {
      WorkTrees.Located found = trees.locate(written);
      roots.put(found.repo(), found.root());
      return Optional.of(found);
    } catch (UnsendableLine e) {
      if (e.code().equals(UnsendableLine.NO_FILE))
        return Optional.empty(); // the top of a listing, or Git's own files in it
      throw e;
    }
  }

  private static void deleted(WorkTrees.Located found, Change change, Sink sink) {
    sink.send(new ResolvedChange(change.position().line(), found.repo(), Op.DELETE, found.path(),
        Optional.empty(), Optional.empty(), false, change));
  }

  private void file(FilePath written, Change change, Sink sink) throws UnsendableLine {
    Optional<WorkTrees.Located> located = located(written);
    if (located.isEmpty())
      return;
    WorkTrees.Located found = located.get();
    long line = change.position().line();
    Op op = change.op() == Op.MODIFY ? Op.MODIFY : Op.ADD;
    try {
      byte[] bytes = WorkTrees.read(found.root(), found.file(), MAX_FILE);
      sink.send(new ResolvedChange(line, found.repo(), op, found.path(), Optional.empty(),
          Optional.of(Bytes.of(bytes)), false, change));
    } catch (UnsendableLine e) {
      switch (e.code()) {
        case UnsendableLine.NO_FILE -> { // a folder of a listing
        }
        case UnsendableLine.NOT_STORED -> sink.passOver(line, found.path(), e.text());
        case UnsendableLine.TOO_LARGE -> sink.send(new ResolvedChange(line, found.repo(), op,
            found.path(), Optional.empty(), Optional.empty(), true, change));
        case UnsendableLine.MISSING -> missing(found.repo(), found.path(), change, sink);
        default -> throw e;
      }
    }
  }

  /// A file that nobody said to delete and that is gone.
  private void missing(RepositoryName repo, FilePath path, Change change, Sink sink) {
    if (deleteMissing)
      sink.send(
          new ResolvedChange(change.position().line(), repo, Op.DELETE, path, Optional.empty(),
              Optional.empty(), false, change));
    else
      sink.passOver(change.position().line(), path, NOT_DELETED);
  }

  /// A change whose paths are given in full, relative to its repository.
  private Change relative(Change change, RepositoryName repo) throws UnsendableLine {
    Optional<FilePath> to = change.newPath();
    if (!WorkTrees.absolute(change.path()) && to.filter(WorkTrees::absolute).isEmpty())
      return change;
    FilePath path = relative(change.path(), repo);
    Optional<FilePath> newPath = to.isEmpty()
        ? to
        : Optional.of(relative(to.get(), repo));
    return new Change(change.position(), change.repo(), change.op(), path, newPath,
        change.content(),
        change.metadata(), change.skipIndex());
  }

  private FilePath relative(FilePath path, RepositoryName repo) throws UnsendableLine {
    if (!WorkTrees.absolute(path))
      return path;
    WorkTrees.Located found = trees.locate(repo, path);
    roots.put(repo, found.root());
    return found.path();
  }

  private void contract(Change change, RepositoryName repo, Sink sink) throws UnsendableLine {
    if (deleteMissing)
      locate(repo); // what it does not have any more is deleted in the end
    Optional<Bytes> content = Optional.empty();
    boolean skip = change.skipIndex();
    if (!skip && change.op() != Op.DELETE)
      try {
        content = Optional.of(Bytes.of(content(change, repo)));
      } catch (UnsendableLine e) {
        if (e.code().equals(UnsendableLine.MISSING)) {
          missing(repo, change.path(), change, sink);
          return;
        }
        if (e.code().equals(UnsendableLine.NOT_STORED)) {
          sink.passOver(change.position().line(), change.path(), e.text());
          return;
        }
        if (e.code().equals(UnsendableLine.TOO_LARGE))
          skip = true;
        else if (change.op() != Op.RENAME || !(change.content() instanceof LineContent.Absent))
          throw e; // a rename moves what the index has
      }
    sink.send(new ResolvedChange(change.position().line(), repo, change.op(), change.path(),
        change.newPath(),
        content, skip, skip ? slim(change) : change));
  }

  private void locate(RepositoryName repo) throws UnsendableLine {
    Optional<Path> root = roots.containsKey(repo) ? Optional.empty() : trees.rootOf(repo);
    if (root.isPresent())
      roots.put(repo, root.get());
  }

  private byte[] content(Change change, RepositoryName repo) throws UnsendableLine {
    return switch (change.content()) {
      case LineContent.Inline(var utf8) -> sendable(utf8);
      case LineContent.Decoded(var bytes) -> sendable(bytes);
      case LineContent.Ref(var ref) -> checked(
          source.read(repo, change.newPath().orElse(change.path()), ref), change.metadata());
      case LineContent.Absent() -> itself(change, repo, "no content, and ");
      case LineContent.Unusable(var reason) ->
        itself(change, repo, "the content is not the file (" + reason + "), and ");
    };
  }

  private static byte[] sendable(Bytes content) throws UnsendableLine {
    if (content.size() > MAX_FILE)
      throw new UnsendableLine(UnsendableLine.TOO_LARGE, "more than " + MAX_FILE + " bytes");
    return content.array();
  }

  /// Without the content, which is not needed any more.
  private static Change slim(Change change) {
    return new Change(change.position(), change.repo(), change.op(), change.path(),
        change.newPath(),
        new LineContent.Unusable("too large"), change.metadata(), change.skipIndex());
  }

  private byte[] itself(Change change, RepositoryName repo, String why) throws UnsendableLine {
    locate(repo);
    Path root = roots.get(repo);
    if (root == null)
      throw new UnsendableLine("no_content",
          why + "there is no folder " + repo + " here to read it from: name it with --root");
    try {
      return WorkTrees.read(root, LocalPaths.resolve(root, change.newPath().orElse(change.path())),
          MAX_FILE);
    } catch (UnsendableLine e) {
      throw new UnsendableLine(e.code().equals(UnsendableLine.TOO_LARGE) ? e.code() : "no_content",
          why + (e.code().equals(UnsendableLine.NOT_STORED) ? "the file is " : "") + e.text());
    }
  }

  private static byte[] checked(byte[] content, ChangeMetadata metadata) throws UnsendableLine {
    if (metadata.size().isPresent() && metadata.size().getAsLong() != content.length)
      throw new UnsendableLine("content_ref",
          "size: " + metadata.size().getAsLong() + " (the file has " + content.length + " bytes)");
    if (metadata.contentHash().isPresent()
        && !metadata.contentHash().get().equals(Sha256.hex(content)))
      throw new UnsendableLine("content_ref", "content_hash: not that of the file");
    return content;
  }

  /// Every file of a folder; Git's own folder is none of them.
  private void folder(Line.Folder folder, Sink sink) throws UnsendableLine {
    Path start;
    Path root;
    RepositoryName repo;
    if (folder.repo().isPresent()) {
      repo = folder.repo().get();
      root = trees.rootOf(repo).orElseThrow(() -> new UnsendableLine("no_content",
          "there is no folder " + repo + " here to list: name it with --root"));
      start = LocalPaths.resolve(root, folder.path());
    } else {
      WorkTrees.Located found = trees.locate(inside(folder.path()));
      root = found.root();
      repo = found.repo();
      start = Objects.requireNonNull(found.file().getParent());
    }
    roots.put(repo, root);
    if (Files.isSymbolicLink(start)) {
      sink.passOver(folder.position().line(), folder.path(), "a symbolic link");
      return;
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(start)) {
      WorkTrees.inside(root, start);
      walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).sorted()
          .forEach(files::add);
    } catch (UncheckedIOException e) {
      throw unlisted(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unlisted(e);
    } catch (UnsendableLine e) {
      sink.passOver(folder.position().line(), folder.path(), e.text());
    }
    for (Path file : files) {
      FilePath path = LocalPaths.relative(root, file);
      if (path.safe())
        contained(folder.position(), repo, root, file, path, sink);
    }
  }

  private static UnsendableLine unlisted(IOException e) {
    return new UnsendableLine("unreadable", "the folder cannot be listed: " + IoReason.of(e));
  }

  /// Any file of a folder.
  private static FilePath inside(FilePath folder) {
    byte[] bytes = folder.bytes();
    byte[] file = Arrays.copyOf(bytes, bytes.length + 2);
    file[bytes.length] = '/';
    file[bytes.length + 1] = 'x';
    return FilePath.ofBytes(file);
  }

  private static void contained(LinePosition position, RepositoryName repo, Path root, Path file,
      FilePath path, Sink sink) throws UnsendableLine {
    Change origin = new Change(position, Optional.of(repo), Op.ADD, path, Optional.empty(),
        new LineContent.Absent(), ChangeMetadata.NONE, false);
    try {
      sink.send(new ResolvedChange(position.line(), repo, Op.ADD, path, Optional.empty(),
          Optional.of(Bytes.of(WorkTrees.read(root, file, MAX_FILE))), false, origin));
    } catch (UnsendableLine e) {
      if (!e.code().equals(UnsendableLine.TOO_LARGE))
        throw e;
      sink.send(
          new ResolvedChange(position.line(), repo, Op.ADD, path, Optional.empty(),
              Optional.empty(),
              true,
              origin));
    }
  }
}
