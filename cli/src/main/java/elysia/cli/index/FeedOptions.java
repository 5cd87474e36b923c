package elysia.cli.index;

import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import elysia.core.identity.CollectionName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of every command that sends changes.
final class FeedOptions {
  static final String COLLECTION = "SRC_ENTERPRISE__";

  /// What to do when a line fails.
  enum OnError {
    CONTINUE, STOP, RETRY
  }

  @Option(names = "--collection", paramLabel = "C", description = "where the changes go (default "
      + COLLECTION + ")")
  String collection = COLLECTION;

  @Option(names = "--root", paramLabel = "DIR", description = "the repository's folder (default: the Git work tree around each file)")
  @Nullable
  Path root;

  @Option(names = "--content-root", paramLabel = "DIR", description = "content_ref may be read below this folder; may be given often")
  List<Path> contentRoots = new ArrayList<>();

  @Option(names = "--delete-missing", description = "remove from the index what is named or indexed and no longer there (env ELYSIACTL_SYNC_AUTO_DELETE)")
  boolean deleteMissing;

  @Option(names = "--dry-run", description = "only tell what would be done; writes nothing")
  boolean dryRun;

  @Option(names = "--state-dir", paramLabel = "DIR", description = "where progress is kept (default: in the home)")
  @Nullable
  Path stateDir;

  @Option(names = "--batch-size", paramLabel = "N", description = "lines sent together (env ELYSIACTL_SYNC_BATCH_SIZE, default 500)")
  @Nullable
  Integer batchSize;

  @Option(names = "--on-error", description = "when a line fails: continue, stop or retry (default continue)")
  OnError onError = OnError.CONTINUE;

  @Option(names = "--max-retries", paramLabel = "N", description = "tries of a batch after the first (default 3)")
  int maxRetries = 3;

  @Option(names = "--from-line", paramLabel = "N", description = "begin at this line")
  @Nullable
  Long fromLine;

  @Option(names = "--metrics-file", paramLabel = "FILE", description = "write figures for a textfile collector")
  @Nullable
  Path metricsFile;

  /// Whether the input does not end by itself.
  boolean endless;

  /// Whether to wait for another run's end.
  boolean wait;

  /// Whether each run looks for itself at what is to be done.
  boolean detects;

  long fromLine() {
    Long given = fromLine;
    return given == null ? 1 : given;
  }

  /// @throws Failure
  ///           an option has a value that means nothing
  void check(Session session) {
    if (fromLine() < 1)
      throw Failure.usage("--from-line: " + fromLine() + " (expected: 1 or more)", "");
    if (maxRetries < 0)
      throw Failure.usage("--max-retries: " + maxRetries + " (expected: 0 or more)", "");
    batchSize(session);
    collection();
    session.api(); // where it is to be found, and the token, as given
  }

  CollectionName collection() {
    try {
      return new CollectionName(collection);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--collection: " + e.getMessage(), "").because(e);
    }
  }

  int batchSize(Session session) {
    int size;
    try {
      Integer given = batchSize;
      size = given != null
          ? given
          : session.environment().variable("ELYSIACTL_SYNC_BATCH_SIZE").map(Integer::parseInt)
              .orElse(500);
    } catch (NumberFormatException e) {
      throw Failure.usage("ELYSIACTL_SYNC_BATCH_SIZE: no number (expected: 1 to 10,000)", "");
    }
    if (size < 1 || size > 10_000)
      throw Failure.usage("--batch-size: " + size + " (expected: 1 to 10,000)", "");
    return size;
  }

  boolean deletes(Session session) {
    return deleteMissing || session.environment().variable("ELYSIACTL_SYNC_AUTO_DELETE")
        .map(value -> value.toLowerCase(Locale.ROOT)).filter(value -> value.equals("true")
            || value.equals("1") || value.equals("yes"))
        .isPresent();
  }

  Path stateDir(Session session) {
    Path given = stateDir;
    return given == null
        ? session.home().resolve("state").resolve("sync")
        : session.environment().workingDirectory().resolve(given);
  }

  Path stateFile(Session session) {
    return session.environment().variable("ELYSIACTL_STATE_FILE")
        .map(name -> session.environment().workingDirectory().resolve(name))
        .orElseGet(() -> stateDir(session).resolve("state.json"));
  }

  Resolver resolver(Session session, Origin origin) {
    Path here = session.environment().workingDirectory();
    return new Resolver(new Resolver.Options(here, root(session), origin, deletes(session)));
  }

  /// The repository's folder, where the user named it.
  Optional<Path> root(Session session) {
    return Optional.ofNullable(root).map(session.environment().workingDirectory()::resolve)
        .map(Path::normalize);
  }

  ContentRoots contentRoots(Session session) {
    Path here = session.environment().workingDirectory();
    return new ContentRoots(here, contentRoots.stream().map(here::resolve).toList());
  }
}
