package elysia.cli.feed.upload;

import elysia.cli.feed.content.ContentRoots;
import elysia.cli.feed.content.RepositoryOrigins;
import elysia.cli.feed.content.WorkTrees;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The options of a run, checked and with their defaults.
///
/// @param fromLine first line that is sent; empty resumes what was interrupted
/// @param metricsFile figures for a textfile collector; empty writes none
/// @param nul lines of the input end with NUL
/// @param continuous the input does not end by itself
public record UploadSettings(CollectionName collection, Content content, Delivery delivery,
    State state, OptionalLong fromLine, Optional<Path> metricsFile, boolean dryRun,
    boolean nul, boolean continuous) {
  /// What to do when a line fails.
  public enum OnError {
    CONTINUE, STOP, RETRY
  }

  /// Where files are read from.
  ///
  /// @param here where relative paths begin
  /// @param root the repository's folder, where the user named it
  /// @param name of the repository in that folder, or in the work tree around here
  /// @param origins file that remembers which folder a name stands for
  /// @param allowed folders below which `content_ref` may be read
  /// @param deleteMissing a named file that is not there is deleted
  public record Content(Path here, Optional<Path> root, Optional<RepositoryName> name,
      Path origins, List<Path> allowed, boolean deleteMissing) {
    public Content {
      allowed = List.copyOf(allowed);
    }

    public ContentRoots roots() {
      return new ContentRoots(here, allowed);
    }
  }

  /// How batches go to the node.
  ///
  /// @param batchSize lines sent together, 1 to 10,000
  /// @param maxRetries tries of a batch after the first, 0 or more
  public record Delivery(int batchSize, OnError onError, int maxRetries) {}

  /// Where progress is kept.
  ///
  /// @param named the user named the folder
  /// @param waits for the end of another run in it
  /// @param oneWaits one waiting run is enough, since each finds out for itself what is to be done
  public record State(Path folder, Path file, boolean named, boolean waits, boolean oneWaits) {}

  /// The trees that lines name, and whose names stand for them in this collection.
  public WorkTrees trees() {
    return new WorkTrees(content.here(), content.root(), content.name(), origins());
  }

  public RepositoryOrigins origins() {
    return new RepositoryOrigins(collection, content.origins(), !dryRun);
  }

  /// The line at which sending begins, from 1.
  public long firstLine() {
    return fromLine.orElse(1);
  }
}
