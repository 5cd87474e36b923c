package elysia.cli.feed;

import elysia.cli.feed.upload.UploadSettings;
import elysia.cli.feed.upload.UploadSettings.OnError;
import elysia.cli.process.Environment;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of every command that sends changes, as picocli fills them in.
final class FeedOptions {
  private static final String COLLECTION = "SRC_ENTERPRISE__";
  private static final int BATCH_SIZE = 500;
  private static final int LARGEST_BATCH = 10_000;

  @Option(names = "--collection", paramLabel = "C", description = "where the changes go (default "
      + COLLECTION + ")")
  private String collection = COLLECTION;

  @Option(names = "--root", paramLabel = "DIR", description = "the repository's folder (default: the Git work tree around each file)")
  private @Nullable Path root;

  @Option(names = "--name", paramLabel = "NAME", description = "the repository's name in the collection (default: that of its folder)")
  private @Nullable String name;

  @Option(names = "--content-root", paramLabel = "DIR", description = "content_ref may be read below this folder; may be given often")
  private List<Path> contentRoots = new ArrayList<>();

  @Option(names = "--delete-missing", description = "remove from the index what is named or indexed and no longer there (env ELYSIACTL_SYNC_AUTO_DELETE)")
  private boolean deleteMissing;

  @Option(names = "--dry-run", description = "only tell what would be done; writes nothing")
  private boolean dryRun;

  @Option(names = "--state-dir", paramLabel = "DIR", description = "where progress is kept (default: in the home)")
  private @Nullable Path stateDir;

  @Option(names = "--batch-size", paramLabel = "N", description = "lines sent together (env ELYSIACTL_SYNC_BATCH_SIZE, default 500)")
  private @Nullable Integer batchSize;

  @Option(names = "--on-error", paramLabel = "continue|stop|retry", description = "when a line fails: continue, stop or retry (default continue)")
  private OnError onError = OnError.CONTINUE;

  @Option(names = "--max-retries", paramLabel = "N", description = "tries of a batch after the first (default 3)")
  private int maxRetries = 3;

  @Option(names = "--from-line", paramLabel = "N", description = "begin at this line")
  private @Nullable Long fromLine;

  @Option(names = "--metrics-file", paramLabel = "FILE", description = "write figures for a textfile collector")
  private @Nullable Path metricsFile;

  @Option(names = {"-z", "-0",
      "--null"}, description = "lines of the input end with NUL, as git diff -z and find -print0 write them")
  private boolean nul;

  /// How a command goes about its input.
  ///
  /// @param continuous the input does not end by itself
  /// @param waits for another run's end
  /// @param oneWaits one waiting run is enough
  record Mode(boolean continuous, boolean waits, boolean oneWaits) {
    static final Mode USUAL = new Mode(false, false, false);
  }

  /// @throws Failure an option has a value that means nothing
  UploadSettings settings(Session session, Mode mode) {
    Environment environment = session.environment();
    Path here = environment.workingDirectory();
    long first = fromLine == null ? 1 : fromLine;
    if (first < 1)
      throw Failure.usage("--from-line: " + first + " (expected: 1 or more)", "");
    if (maxRetries < 0)
      throw Failure.usage("--max-retries: " + maxRetries + " (expected: 0 or more)", "");
    UploadSettings.Content content = new UploadSettings.Content(here,
        Optional.ofNullable(root).map(here::resolve).map(Path::normalize),
        Optional.ofNullable(name).map(FeedOptions::repository),
        session.home().resolve("state").resolve("origins.json"),
        contentRoots.stream().map(here::resolve).toList(), deletes(environment));
    Path states = stateFolder(session);
    UploadSettings settings = new UploadSettings(collection(), content,
        new UploadSettings.Delivery(batchSize(environment), onError, maxRetries),
        new UploadSettings.State(states, stateFile(environment, states), stateDir != null,
            mode.waits(), mode.oneWaits()),
        fromLine == null ? OptionalLong.empty() : OptionalLong.of(first),
        Optional.ofNullable(metricsFile).map(here::resolve), dryRun, nul,
        mode.continuous());
    session.api(); // where it is to be found, and the token, as given
    return settings;
  }

  /// The file that says how the last run went.
  UploadSettings.State state(Session session) {
    Path states = stateFolder(session);
    return new UploadSettings.State(states, stateFile(session.environment(), states),
        stateDir != null, false, false);
  }

  /// Whether an option was given that means nothing to a command which runs on and on.
  boolean forOneRunOnly() {
    return dryRun || stateDir != null || fromLine != null;
  }

  private static RepositoryName repository(String name) {
    try {
      return new RepositoryName(name);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--name: " + e.getMessage(), "").because(e);
    }
  }

  private CollectionName collection() {
    try {
      return new CollectionName(collection);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--collection: " + e.getMessage(), "").because(e);
    }
  }

  private int batchSize(Environment environment) {
    int size;
    try {
      Integer given = batchSize;
      size = given != null
          ? given
          : environment.variable("ELYSIACTL_SYNC_BATCH_SIZE").map(Integer::parseInt)
              .orElse(BATCH_SIZE);
    } catch (NumberFormatException e) {
      throw Failure.usage("ELYSIACTL_SYNC_BATCH_SIZE: no number (expected: 1 to 10,000)", "");
    }
    if (size < 1 || size > LARGEST_BATCH)
      throw Failure.usage("--batch-size: " + size + " (expected: 1 to 10,000)", "");
    return size;
  }

  private boolean deletes(Environment environment) {
    return deleteMissing || environment.variable("ELYSIACTL_SYNC_AUTO_DELETE")
        .map(value -> value.toLowerCase(Locale.ROOT)).filter(value -> value.equals("true")
            || value.equals("1") || value.equals("yes"))
        .isPresent();
  }

  private Path stateFolder(Session session) {
    Path given = stateDir;
    return given == null
        ? session.home().resolve("state").resolve("sync")
        : session.environment().workingDirectory().resolve(given);
  }

  private static Path stateFile(Environment environment, Path states) {
    return environment.variable("ELYSIACTL_STATE_FILE")
        .map(name -> environment.workingDirectory().resolve(name))
        .orElseGet(() -> states.resolve("state.json"));
  }
}
