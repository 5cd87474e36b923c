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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the repository and the file that a line means, on this machine.
public final class WorkTrees {
  /// A file and where it belongs.
  ///
  /// @param root folder of the repository
  public record Located(RepositoryName repo, Path root, FilePath path, Path file) {}

  private final Path here;
  private final Optional<Path> root;
  private final Optional<RepositoryName> name;
  private final RepositoryOrigins origins;
  private final Map<Path, Optional<Path>> workTrees = new HashMap<>();
  private Base base = Base.EITHER;

  /// Where relative paths of a list begin.
  private enum Base {
    HERE, TOP,
    /// Here, or at the top where a file is not here.
    EITHER
  }

  /// @param here where relative paths begin
  /// @param root the repository's folder, where the user named it
  /// @param name of the repository in that folder, or in the work tree around here
  public WorkTrees(Path here, Optional<Path> root, Optional<RepositoryName> name,
      RepositoryOrigins origins) {
    this.here = here;
    this.root = root;
    this.name = name;
    this.origins = origins;
  }

  /// The file that a path without a repository means: relative to here, or, as `git diff
  /// --name-only` writes it, to the top of the Git work tree around here.
  ///
  /// @throws UnsendableLine it is in no repository
  public Located locate(FilePath written) throws UnsendableLine {
    Path file = file(written);
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
    RepositoryName repo = name(top);
    claim(repo, top);
    return new Located(repo, top, path, file);
  }

  private void claim(RepositoryName repo, Path top) throws UnsendableLine {
    Optional<Path> other = origins.claim(repo, top);
    if (other.isPresent())
      throw new UnsendableLine("name_taken", repo + " is the name of " + other.get()
          + " in this collection: bring in " + top + " under a name of its own, with --root " + top
          + " --name NAME");
  }

  /// The file that a line of a named repository means by an absolute path: in the folder that the
  /// user named or that is called like the repository, or in the work tree around the file.
  ///
  /// @throws UnsendableLine there is none, or its name stands for another folder
  public Located locate(RepositoryName repo, FilePath written) throws UnsendableLine {
    Path file = LocalPaths.resolve(here, written);
    Path top = root.filter(file::startsWith).or(() -> named(repo).filter(file::startsWith))
        .or(() -> workTree(file.getParent()))
        .or(() -> called(repo, file))
        .orElseThrow(() -> new UnsendableLine("bad_path", "path: " + file + " is absolute, and in "
            + "no folder of a repository " + repo + ": name that folder with --root"));
    if (file.equals(top))
      throw new UnsendableLine("bad_path", "path: " + file + " is the repository's folder itself");
    FilePath path = LocalPaths.relative(top, file);
    if (!path.safe())
      throw new UnsendableLine("bad_path", "path: " + file + " is in a folder of Git's own");
    claim(repo, top);
    return new Located(repo, top, path, file);
  }

  /// A folder around a file, below here, that is called like a repository: the outermost one.
  private Optional<Path> called(RepositoryName repo, Path file) {
    Optional<Path> found = Optional.empty();
    for (Path at = file.getParent(); at != null && at.startsWith(here); at = at.getParent())
      if (String.valueOf(at.getFileName()).equals(repo.value()))
        found = Optional.of(at);
    return found;
  }

  private Path file(FilePath written) throws UnsendableLine {
    Path file = LocalPaths.resolve(here, written);
    Optional<Path> top = top();
    if (base == Base.HERE || top.isEmpty() || absolute(written))
      return file;
    Path fromTop = LocalPaths.resolve(top.get(), written);
    return base == Base.TOP || !there(file) ? fromTop : file;
  }

  static boolean absolute(FilePath path) {
    return path.bytes()[0] == '/';
  }

  private static boolean there(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /// The other folder where relative paths may begin.
  private Optional<Path> top() {
    return root.or(() -> workTree(here)).filter(top -> !top.equals(here));
  }

  /// Whether relative paths may begin in two places.
  public boolean twoBases() {
    return top().isPresent();
  }

  /// Whether a path is that of a file, wherever it begins.
  public boolean exists(FilePath written) {
    return exists(here, written) || top().filter(top -> exists(top, written)).isPresent();
  }

  /// Whether there is a file of a path below a folder.
  public static boolean exists(Path base, FilePath written) {
    try {
      return there(LocalPaths.resolve(base, written));
    } catch (UnsendableLine e) { // this machine has no such paths
      return false;
    }
  }

  /// Decides for a whole list where its relative paths begin: where its files are. `git diff`
  /// begins at the top of the work tree wherever it runs, `find` and `git ls-files` here.
  ///
  /// @param list paths of files that should be there
  /// @param fromTop what its format says, where the files do not
  /// @return what the user should know where both would do
  public Optional<String> decide(List<FilePath> list, boolean fromTop) {
    Optional<Path> top = top();
    if (top.isEmpty())
      return Optional.empty();
    int onlyHere = 0;
    int onlyTop = 0;
    int both = 0;
    for (FilePath path : list) {
      if (path.value().startsWith("./") || path.value().startsWith("../")) {
        base = Base.HERE;
        return Optional.empty();
      }
      if (absolute(path))
        continue;
      boolean fitsHere = exists(here, path);
      boolean fitsTop = exists(top.get(), path);
      both += fitsHere && fitsTop ? 1 : 0;
      onlyHere += fitsHere && !fitsTop ? 1 : 0;
      onlyTop += fitsTop && !fitsHere ? 1 : 0;
    }
    boolean unclear = onlyHere > 0 == onlyTop > 0;
    base = (unclear ? fromTop : onlyTop > 0) ? Base.TOP : Base.HERE;
    if (!unclear || onlyHere + both == 0)
      return Optional.empty();
    Path taken = base == Base.TOP ? top.get() : here;
    return Optional.of("the paths fit below " + here + " and below " + top.get() + ": taken from "
        + taken + "; begin them with ./ for those from here, or name the folder with --root");
  }

  /// The folder of a repository that a line names: the one given or the work tree around here where
  /// it has that name, or a folder of that name in it or here.
  ///
  /// @throws UnsendableLine its name stands for another folder
  public Optional<Path> rootOf(RepositoryName repo) throws UnsendableLine {
    Optional<Path> found = named(repo);
    if (found.isPresent())
      claim(repo, found.get());
    return found;
  }

  private Optional<Path> named(RepositoryName repo) {
    String called = repo.value();
    if (name.filter(repo::equals).isPresent())
      return root.or(() -> workTree(here)).or(() -> Optional.of(here));
    for (Path base : new Path[]{root.orElse(here), workTree(here).orElse(here), here}) {
      if (String.valueOf(base.getFileName()).equals(called))
        return Optional.of(base);
      if (repo.managed() && Files.isDirectory(base.resolve(called)))
        return Optional.of(base.resolve(called));
    }
    return Optional.empty();
  }

  /// The work tree around here.
  public Optional<Path> around() {
    return workTree(here);
  }

  private RepositoryName name(Path top) throws UnsendableLine {
    if (name.isPresent() && top.equals(root.or(() -> workTree(here)).orElse(here)))
      return name.get();
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
  /// @throws UnsendableLine it is not there, a folder, not stored, or larger than `max` bytes
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
