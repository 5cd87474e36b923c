package elysia.cli.index;

import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Files of this machine's folders, and `content_ref` below those that the user allowed.
record ContentRoots(Path here, List<Path> allowed) implements Origin {
  @Override
  public byte[] read(RepositoryName repo, FilePath path, String ref) throws Unusable {
    Path file;
    try {
      file = here.resolve(ref).toRealPath();
    } catch (IOException | InvalidPathException e) {
      throw new Unusable("content_ref", "content_ref: cannot be read: " + e);
    }
    for (Path root : allowed)
      try {
        if (file.startsWith(root.toRealPath()))
          return Trees.read(root, file, Resolver.MAX_FILE);
      } catch (IOException e) {
        throw new Unusable("content_ref", "--content-root " + root + ": " + e);
      } catch (Unusable e) { // what the line names is there, or it fails: it is never deleted
        throw e.code().equals(Unusable.MISSING) ? new Unusable("content_ref", e.text()) : e;
      }
    throw new Unusable("content_ref",
        "content_ref: outside of the allowed folders (expected: below one of --content-root)");
  }

  @Override
  public boolean gone(RepositoryName repo, Path root, FilePath path) {
    try {
      return path.safe() && Files.isDirectory(root)
          && Files.notExists(Paths.resolve(root, path), LinkOption.NOFOLLOW_LINKS);
    } catch (Unusable e) {
      return false;
    }
  }

  @Override
  public Map<RepositoryName, Path> compared(Map<RepositoryName, Path> met) {
    return met;
  }
}
