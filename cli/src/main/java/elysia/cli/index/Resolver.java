package elysia.cli.index;

import elysia.core.change.Bytes;
import elysia.core.change.Change;
import elysia.core.change.Content;
import elysia.core.change.Facts;
import elysia.core.change.Line;
import elysia.core.change.Op;
import elysia.core.change.Place;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.identity.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Turns lines into changes with their content, which is read from this machine where a line does
/// not carry it.
final class Resolver {
  /// A larger file is never sent.
  private static final long MAX_FILE = 10_000_000;

  /// @param contentRoots
  ///          below which `content_ref` may be read
  /// @param deleteMissing
  ///          whether a named file that is not there is deleted
  record Options(Path here, Optional<Path> root, List<Path> contentRoots, boolean deleteMissing) {}

  private final Options options;
  private final Trees trees;
  private final Map<RepositoryName, Path> roots = new TreeMap<>();

  Resolver(Options options) {
    this.options = options;
    this.trees = new Trees(options.here(), options.root());
  }

  /// Folders of the repositories met so far.
  Map<RepositoryName, Path> roots() {
    return roots;
  }

  /// Gives the changes of a line to the sink; none where nothing is to be done.
  ///
  /// @throws Unusable
  ///           saying why the line cannot be sent
  void resolve(Line line, Consumer<Item> sink) throws Unusable {
    switch (line) {
      case Line.ChangeLine(var change, _) -> change(change, sink);
      case Line.Folder folder -> folder(folder, sink);
      case Line.BadLine bad -> throw new Unusable("bad_line", bad.text());
      case Line.Marker _,Line.Ignored _ -> {
      }
    }
  }

  private void change(Change change, Consumer<Item> sink) throws Unusable {
    if (change.repo().isEmpty())
      named(change, sink);
    else
      sink.accept(contract(change, change.repo().get()));
  }

  private void named(Change change, Consumer<Item> sink) throws Unusable {
    Trees.Located found = trees.locate(change.path());
    roots.put(found.repo(), found.root());
    long line = change.place().line();
    try {
      byte[] bytes = Trees.read(found.root(), found.file(), MAX_FILE);
      sink.accept(new Item(line, found.repo(), Op.MODIFY, found.path(), Optional.empty(),
          Optional.of(Bytes.of(bytes)), false, change));
    } catch (Unusable e) {
      switch (e.code()) {
        case Unusable.NO_FILE -> { // a folder of a listing, a link
        }
        case Unusable.TOO_LARGE -> sink.accept(new Item(line, found.repo(), Op.MODIFY,
            found.path(), Optional.empty(), Optional.empty(), true, change));
        case Unusable.MISSING -> {
          if (!options.deleteMissing())
            throw new Unusable(Unusable.MISSING,
                "the file is not there; --delete-missing removes it from the index");
          sink.accept(new Item(line, found.repo(), Op.DELETE, found.path(), Optional.empty(),
              Optional.empty(), false, change));
        }
        default -> throw e;
      }
    }
  }

  private Item contract(Change change, RepositoryName repo) throws Unusable {
    trees.rootOf(repo).ifPresent(root -> roots.put(repo, root));
    Optional<Bytes> content = Optional.empty();
    boolean skip = change.skipIndex();
    if (!skip && change.op() != Op.DELETE)
      try {
        content = Optional.of(Bytes.of(content(change, repo)));
      } catch (Unusable e) {
        if (e.code().equals(Unusable.TOO_LARGE))
          skip = true;
        else if (change.op() != Op.RENAME || !(change.content() instanceof Content.Absent))
          throw e; // a rename moves what the index has
      }
    return new Item(change.place().line(), repo, change.op(), change.path(), change.newPath(),
        content, skip, change);
  }

  private byte[] content(Change change, RepositoryName repo) throws Unusable {
    return switch (change.content()) {
      case Content.Inline(var utf8) -> utf8.array();
      case Content.Decoded(var bytes) -> bytes.array();
      case Content.Ref(var ref) -> checked(reference(ref), change.facts());
      case Content.Absent() -> itself(change, repo, "no content, and ");
      case Content.Unusable(var reason) ->
        itself(change, repo, "the content is not the file (" + reason + "), and ");
    };
  }

  private byte[] itself(Change change, RepositoryName repo, String why) throws Unusable {
    Path root = roots.get(repo);
    if (root == null)
      throw new Unusable("no_content",
          why + "there is no folder " + repo + " here to read it from: name it with --root");
    try {
      return Trees.read(root, trees.file(root, change.newPath().orElse(change.path())), MAX_FILE);
    } catch (Unusable e) {
      throw new Unusable(e.code().equals(Unusable.TOO_LARGE) ? e.code() : "no_content",
          why + e.text());
    }
  }

  private byte[] reference(String ref) throws Unusable {
    Path file;
    try {
      file = options.here().resolve(ref).toRealPath();
    } catch (IOException | InvalidPathException e) {
      throw new Unusable("content_ref", "content_ref: cannot be read: " + e);
    }
    for (Path root : options.contentRoots())
      try {
        if (file.startsWith(root.toRealPath()))
          return Trees.read(root, file, MAX_FILE);
      } catch (IOException e) {
        throw new Unusable("content_ref", "--content-root " + root + ": " + e);
      }
    throw new Unusable("content_ref",
        "content_ref: outside of the allowed folders (expected: below one of --content-root)");
  }

  private static byte[] checked(byte[] content, Facts facts) throws Unusable {
    if (facts.size().isPresent() && facts.size().getAsLong() != content.length)
      throw new Unusable("content_ref",
          "size: " + facts.size().getAsLong() + " (the file has " + content.length + " bytes)");
    if (facts.contentHash().isPresent() && !facts.contentHash().get().equals(Sha256.hex(content)))
      throw new Unusable("content_ref", "content_hash: not that of the file");
    return content;
  }

  /// Every file of a folder; Git's own folder is none of them.
  private void folder(Line.Folder folder, Consumer<Item> sink) throws Unusable {
    Path start;
    Path root;
    RepositoryName repo;
    if (folder.repo().isPresent()) {
      repo = folder.repo().get();
      root = trees.rootOf(repo).orElseThrow(() -> new Unusable("no_content",
          "there is no folder " + repo + " here to list: name it with --root"));
      start = trees.file(root, folder.path());
    } else {
      Trees.Located found = trees.locate(new FilePath(folder.path() + "/x"));
      root = found.root();
      repo = found.repo();
      start = found.file().getParent();
    }
    roots.put(repo, root);
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(start)) {
      walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).sorted()
          .forEach(files::add);
    } catch (IOException e) {
      throw new Unusable(Unusable.MISSING, "the folder cannot be listed: " + e);
    }
    for (Path file : files) {
      FilePath path = new FilePath(root.relativize(file).toString().replace('\\', '/'));
      if (path.safe())
        contained(folder.place(), repo, root, file, path, sink);
    }
  }

  private static void contained(Place place, RepositoryName repo, Path root, Path file,
      FilePath path, Consumer<Item> sink) throws Unusable {
    Change origin = new Change(place, Optional.of(repo), Op.ADD, path, Optional.empty(),
        new Content.Absent(), Facts.NONE, false);
    try {
      sink.accept(new Item(place.line(), repo, Op.ADD, path, Optional.empty(),
          Optional.of(Bytes.of(Trees.read(root, file, MAX_FILE))), false, origin));
    } catch (Unusable e) {
      if (!e.code().equals(Unusable.TOO_LARGE))
        throw e;
      sink.accept(
          new Item(place.line(), repo, Op.ADD, path, Optional.empty(), Optional.empty(), true,
              origin));
    }
  }
}
