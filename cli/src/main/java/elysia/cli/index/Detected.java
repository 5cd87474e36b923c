package elysia.cli.index;

import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Files behind lines that this command wrote itself.
///
/// @param others
///          for lines that it was given
record Detected(Map<RepositoryName, Target> targets, ContentRoots others) implements Origin {
  private static final String OWN = "elysiactl:";
  static final String GONE = OWN + "gone";
  static final String FILE = OWN + "file";
  static final String BLOB = OWN + "blob:";
  static final String FAILED = OWN + "failed:";

  @Override
  public byte[] read(RepositoryName repo, FilePath path, String ref) throws Unusable {
    if (ref.startsWith(FAILED))
      throw new Unusable("repository", ref.substring(FAILED.length()));
    Target target = targets.get(repo);
    if (!ref.startsWith(OWN) || target == null)
      return others.read(repo, path, ref);
    if (ref.equals(GONE))
      throw new Unusable(Unusable.MISSING, "the file is not there");
    if (ref.startsWith(BLOB) && target.git().isPresent())
      return target.git().get().content(ref.substring(BLOB.length()), Resolver.MAX_FILE);
    return Trees.read(target.root(), Paths.resolve(target.root(), path), Resolver.MAX_FILE);
  }

  @Override
  public boolean gone(RepositoryName repo, Path root, FilePath path) {
    Target target = targets.get(repo);
    if (target == null || target.git().isEmpty() || target.commit().isEmpty())
      return others.gone(repo, root, path);
    return target.git().get().lacks(target.commit(), path);
  }

  @Override
  public Map<RepositoryName, Path> compared(Map<RepositoryName, Path> met) {
    Map<RepositoryName, Path> compared = new TreeMap<>();
    targets.forEach((repo, target) -> {
      if (target.toCompare())
        compared.put(repo, target.root());
    });
    return compared;
  }
}
