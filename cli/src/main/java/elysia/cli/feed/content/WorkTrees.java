package elysia.cli.feed.content;

import elysia.cli.feed.input.IoReason;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the repository and the file that a line means, on this machine.
public final class WorkTrees {
  /// A file and where it belongs.
  ///
  /// @param root
  ///          folder of the repository
  public record Located(RepositoryName repo, Path root, FilePath path, Path file) {}

  private final Path here;
  private final Optional<Path> root;
  private final Map<Path, Optional<Path>> workTrees = new HashMap<>();

  /// @param here
  ///          where relative paths begin
  /// @param root
  ///          the repository's folder, where the user named it
  public WorkTrees(Path here, Optional<Path> root) {
    this.here = here;
    this.root = root;
  }

  /// The file that a path without a repository means: relative to here, or, as `git diff
  /// --name-only` writes it, to the top of the Git work tree around here.
  ///
  /// @throws UnsendableLine
  ///           it is in no repository
  public Located locate(FilePath written) throws UnsendableLine {
    boolean absolute = written.bytes()[0] == '/';
    Path file = LocalPaths.resolve(here, written);
    Optional<Path> around = root.or(() -> workTree(here));
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && around.isPresent()
        && !absolute) {
      Path fromTop = LocalPaths.resolve(around.get(), written);
      if (Files.exists(fromTop, LinkOption.NOFOLLOW_LINKS) || !file.startsWith(around.get())
          || !here.equals(around.get()))
        file = fromTop;
    }
    Path start = file;
    Path folder = file.getParent();
    Path top = root.filter(start::startsWith).or(() -> workTree(folder))
        .or(() -> Optional.of(here).filter(start::startsWith))
        .orElseThrow(() -> new UnsendableLine("no_repository",
            "in no Git work tree, and not below " + here + ": name the folder with --root"));
    if (file.equals(top))
      throw new UnsendableLine(UnsendableLine.NO_FILE, "the repository's folder itself");
    FilePath path = LocalPaths.relative(top, file);
    if (!path.safe())
      throw new UnsendableLine(UnsendableLine.NO_FILE, "in a folder of Git's own");
    return new Located(name(top), top, path, file);
  }

  /// The folder of a repository that a line names: the one given or the work tree around here where
  /// it has that name, or a folder of that name in it or here.
  public Optional<Path> rootOf(RepositoryName repo) {
    String name = repo.value();
    for (Path base : new Path[]{root.orElse(here), workTree(here).orElse(here), here}) {
      if (String.valueOf(base.getFileName()).equals(name))
        return Optional.of(base);
      if (repo.managed() && Files.isDirectory(base.resolve(name)))
        return Optional.of(base.resolve(name));
    }
    return Optional.empty();
  }

  /// The work tree around here.
  public Optional<Path> around() {
    return workTree(here);
  }

  private static RepositoryName name(Path top) throws UnsendableLine {
    try {
      return new RepositoryName(String.valueOf(top.getFileName()));
    } catch (IllegalArgumentException e) {
      throw new UnsendableLine("no_repository", String.valueOf(e.getMessage()));
    }
  }

  private Optional<Path> workTree(@Nullable Path folder) {
    if (folder == null)
      return Optional.empty();
    Optional<Path> known = workTrees.get(folder);
    if (known == null) {
      known = Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(folder)
          : workTree(folder.getParent());
      workTrees.put(folder, known);
    }
    return known;
  }

  /// The bytes of a regular file below a folder, links resolved.
  ///
  /// @throws UnsendableLine
  ///           it is not there, a folder, not stored, or larger than `max` bytes
  public static byte[] read(Path folder, Path file, long max) throws UnsendableLine {
    try {
      if (absent(file))
        throw new UnsendableLine(UnsendableLine.MISSING, "the file is not there");
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class,
          LinkOption.NOFOLLOW_LINKS);
      if (is.isDirectory())
        throw new UnsendableLine(UnsendableLine.NO_FILE, "a folder");
      if (is.isSymbolicLink())
        throw new UnsendableLine(UnsendableLine.NOT_STORED, "a symbolic link");
      if (!is.isRegularFile())
        throw new UnsendableLine(UnsendableLine.NOT_STORED, "a special file");
      inside(folder, file);
      if (is.size() > max)
        throw new UnsendableLine(UnsendableLine.TOO_LARGE, "more than " + max + " bytes");
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnsendableLine("unreadable", "cannot be read: " + IoReason.of(e));
    }
  }

  /// Whether a file is surely not there; false where a folder on the way cannot be looked into.
  public static boolean absent(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return false;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) { // a file may be where its folder was
      Path folder = file.getParent();
      return folder != null && (Files.isRegularFile(folder) || absent(folder));
    }
  }

  /// Whether a file, or a folder on the way to it, is a link: then no file of that path is stored.
  public static boolean linked(Path folder, Path file) {
    for (Path at = file; at != null && !at.equals(folder); at = at.getParent())
      if (Files.isSymbolicLink(at))
        return true;
    return false;
  }

  /// Refuses what a link leads out of a folder to.
  public static void inside(Path folder, Path file) throws UnsendableLine, IOException {
    if (!file.toRealPath().startsWith(folder.toRealPath()))
      throw new UnsendableLine(UnsendableLine.NOT_STORED,
          "outside of its repository, behind a link");
  }
}
