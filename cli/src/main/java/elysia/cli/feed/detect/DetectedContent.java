package elysia.cli.feed.detect;

import elysia.cli.feed.content.ContentRoots;
import elysia.cli.feed.content.ContentSource;
import elysia.cli.feed.content.LineResolver;
import elysia.cli.feed.content.LocalPaths;
import elysia.cli.feed.content.UnsendableLine;
import elysia.cli.feed.content.WorkTrees;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Files behind lines that this command wrote itself.
///
/// @param others for lines that it was given
public record DetectedContent(Map<RepositoryName, TrackedFolder> targets,
    ContentRoots others) implements ContentSource {
  private static final String OWN = "elysiactl:";
  public static final String GONE = OWN + "gone";
  public static final String FILE = OWN + "file";
  public static final String BLOB = OWN + "blob:";
  public static final String FAILED = OWN + "failed:";

  @Override
  public byte[] read(RepositoryName repo, FilePath path, String ref) throws UnsendableLine {
    if (ref.startsWith(FAILED))
      throw new UnsendableLine("repository", ref.substring(FAILED.length()));
    TrackedFolder target = targets.get(repo);
    if (!ref.startsWith(OWN) || target == null)
      return others.read(repo, path, ref);
    if (ref.equals(GONE))
      throw new UnsendableLine(UnsendableLine.MISSING, "the file is not there");
    if (ref.startsWith(BLOB) && target.git().isPresent())
      return target.git().get().content(ref.substring(BLOB.length()), LineResolver.MAX_FILE);
    return WorkTrees.read(target.root(), LocalPaths.resolve(target.root(), path),
        LineResolver.MAX_FILE);
  }

  @Override
  public boolean gone(RepositoryName repo, Path root, FilePath path) {
    TrackedFolder target = targets.get(repo);
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
