package elysia.cli.index;

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
final class Trees {
  /// A file and where it belongs.
  ///
  /// @param root
  ///          folder of the repository
  record Located(RepositoryName repo, Path root, FilePath path, Path file) {}

  private final Path here;
  private final Optional<Path> root;
  private final Map<Path, Optional<Path>> workTrees = new HashMap<>();

  /// @param here
  ///          where relative paths begin
  /// @param root
  ///          the repository's folder, where the user named it
  Trees(Path here, Optional<Path> root) {
    this.here = here;
    this.root = root;
  }

  /// The file that a path without a repository means: relative to here, or, as `git diff
  /// --name-only` writes it, to the top of the Git work tree around here.
  ///
  /// @throws Unusable
  ///           it is in no repository
  Located locate(FilePath written) throws Unusable {
    boolean absolute = written.bytes()[0] == '/';
    Path file = Paths.resolve(here, written);
    Optional<Path> around = root.or(() -> workTree(here));
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && around.isPresent()
        && !absolute) {
      Path fromTop = Paths.resolve(around.get(), written);
      if (Files.exists(fromTop, LinkOption.NOFOLLOW_LINKS) || !file.startsWith(around.get())
          || !here.equals(around.get()))
        file = fromTop;
    }
    Path start = file;
    Path folder = file.getParent();
    Path top = root.filter(start::startsWith).or(() -> workTree(folder))
        .or(() -> Optional.of(here).filter(start::startsWith))
        .orElseThrow(() -> new Unusable("no_repository",
            "in no Git work tree, and not below " + here + ": name the folder with --root"));
    if (file.equals(top))
      throw new Unusable(Unusable.NO_FILE, "the repository's folder itself");
    FilePath path = Paths.relative(top, file);
    if (!path.safe())
      throw new Unusable(Unusable.NO_FILE, "in a folder of Git's own");
    return new Located(name(top), top, path, file);
  }

  /// The folder of a repository that a line names: the one given or the work tree around here where
  /// it has that name, or a folder of that name in it or here.
  Optional<Path> rootOf(RepositoryName repo) {
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
  Optional<Path> around() {
    return workTree(here);
  }

  private static RepositoryName name(Path top) throws Unusable {
    try {
      return new RepositoryName(String.valueOf(top.getFileName()));
    } catch (IllegalArgumentException e) {
      throw new Unusable("no_repository", String.valueOf(e.getMessage()));
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
  /// @throws Unusable
  ///           it is not there, a folder, not stored, or larger than `max` bytes
  static byte[] read(Path folder, Path file, long max) throws Unusable {
    try {
      if (absent(file))
        throw new Unusable(Unusable.MISSING, "the file is not there");
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class,
          LinkOption.NOFOLLOW_LINKS);
      if (is.isDirectory())
        throw new Unusable(Unusable.NO_FILE, "a folder");
      if (is.isSymbolicLink())
        throw new Unusable(Unusable.NOT_STORED, "a symbolic link");
      if (!is.isRegularFile())
        throw new Unusable(Unusable.NOT_STORED, "a special file");
      inside(folder, file);
      if (is.size() > max)
        throw new Unusable(Unusable.TOO_LARGE, "more than " + max + " bytes");
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Unusable("unreadable", "cannot be read: " + Reason.of(e));
    }
  }

  /// Whether a file is surely not there; false where a folder on the way cannot be looked into.
  static boolean absent(Path file) {
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
  static boolean linked(Path folder, Path file) {
    for (Path at = file; at != null && !at.equals(folder); at = at.getParent())
      if (Files.isSymbolicLink(at))
        return true;
    return false;
  }

  /// Refuses what a link leads out of a folder to.
  static void inside(Path folder, Path file) throws Unusable, IOException {
    if (!file.toRealPath().startsWith(folder.toRealPath()))
      throw new Unusable(Unusable.NOT_STORED, "outside of its repository, behind a link");
  }
}
