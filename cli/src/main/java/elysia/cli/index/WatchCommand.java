package elysia.cli.index;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.output.Text;
import elysia.cli.session.ExitCode;
import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl index watch`.
@Command(name = "watch", description = "Bring every file that is put into a folder into a collection, until it is interrupted", footer = {
    "", "For example:  elysiactl index watch inbox --pattern \"*.jsonl\" --collection source-code"})
final class WatchCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  @Parameters(paramLabel = "DIR", description = "the folder; files go on to DIR/archive or DIR/failed")
  String directory = "";

  @Option(names = "--pattern", paramLabel = "GLOB", description = "which names are taken (default *.jsonl)")
  String pattern = "*.jsonl";

  @Option(names = "--quiet-for", paramLabel = "SECONDS", description = "a file is complete when nobody has written to it for so long (default 2)")
  double quietFor = 2;

  @Option(names = "--once", description = "end when no complete file is left")
  boolean once;

  @Mixin
  FeedOptions options = new FeedOptions();

  private final Session session;
  private int result = ExitCode.OK;

  WatchCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (options.dryRun || options.stateDir != null || options.fromLine != null)
      throw Failure.usage("watch has no --dry-run, --state-dir and --from-line",
          "try a single file with: elysiactl index sync --dry-run --input FILE");
    options.check(session);
    if (!(quietFor >= 0 && quietFor <= 86_400))
      throw Failure.usage("--quiet-for: " + quietFor + " (expected: 0 to 86400)", "");
    Path folder = Inputs.path(session, directory);
    if (!Files.isDirectory(folder))
      throw Failure.usage(directory + " is no folder", "make it first: mkdir -p " + directory);
    Inbox inbox;
    try {
      inbox = new Inbox(folder, pattern, options.collection().value(),
          Duration.ofMillis(Math.round(quietFor * 1_000)),
          text -> session.console().error("warning: " + Text.safe(text)));
    } catch (PatternSyntaxException e) {
      throw Failure.usage("--pattern: " + e.getDescription(), "such as \"*.jsonl\"").because(e);
    }
    session.console().note("Watching " + Text.safe(folder.toString()) + " for "
        + Text.safe(pattern) + "; Ctrl-C ends it");
    Metrics metrics = new Metrics(session, options.metricsFile);
    try (Stop stop = new Stop(session)) {
      watch(inbox, metrics, stop);
    } catch (IOException e) {
      throw new Failure(ExitCode.PARTIAL, directory + " cannot be worked on: "
          + Text.safe(String.valueOf(e)), "see its permissions and its disk").because(e);
    }
    return result;
  }

  private void watch(Inbox inbox, Metrics metrics, Stop stop) throws IOException {
    Duration wait = LOOK;
    while (!stop.asked()) {
      Optional<RunState> state = RunState.take(inbox.work(), inbox.work().resolve("state.json"),
          e -> Run.warn(session, e));
      Step step = Step.NOTHING;
      if (state.isPresent())
        try {
          if (state.get().trouble().isPresent()) // without the lock two could take one file
            throw state.get().trouble().get();
          step = next(inbox, state.get(), metrics, stop);
        } finally {
          state.get().close();
        }
      switch (step) {
        case DONE -> {
          wait = LOOK;
          continue;
        }
        case LATER -> wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0
            ? wait.multipliedBy(2)
            : LONGEST_WAIT;
        case NOTHING -> wait = LOOK;
      }
      if (once) {
        result = step == Step.LATER ? ExitCode.UNREACHABLE : result;
        return;
      }
      stop.asked(wait);
    }
    result = ExitCode.INTERRUPTED;
  }

  private enum Step {
    DONE, NOTHING, LATER
  }

  private Step next(Inbox inbox, RunState state, Metrics metrics, Stop stop) throws IOException {
    Optional<Path> left = inbox.taken();
    if (left.isEmpty())
      state.forget();
    Optional<Path> file = left.isPresent() ? left : inbox.take(session.now());
    if (file.isEmpty())
      return Step.NOTHING;
    Path taken = file.get();
    String name = Text.safe(taken.getFileName().toString());
    boolean begun = false;
    try {
      if (!Files.isRegularFile(taken, LinkOption.NOFOLLOW_LINKS)) // any more
        throw Failure.usage("no regular file", "");
      FileJob job = FileJob.of(session, options, taken.toString(), taken);
      Inputs.Identity identity = job.identity().orElseThrow();
      session.console().note("Taking " + name);
      begun = true;
      state.grown(identity, size -> Inputs.identity(name, taken, size));
      if (!state.finished(identity, options.collection().value())) {
        int code = new Run(session, options, job, Optional.of(state), metrics, stop, true).run();
        if (code == ExitCode.INTERRUPTED)
          return Step.LATER;
        if (state.trouble().isPresent())
          result = ExitCode.PARTIAL;
      }
      if (Files.size(taken) > identity.size()) {
        session.console().note(name + " has grown meanwhile; it goes on with what was added");
        return Step.DONE;
      }
      if (state.failures().isEmpty())
        inbox.archive(taken);
      else
        fail(inbox, taken, "some lines failed", state.failures());
      return Step.DONE;
    } catch (Failure e) {
      if (e.exitCode() == ExitCode.UNREACHABLE || e.exitCode() == ExitCode.INTERRUPTED) {
        session.console().error("warning: " + name + " waits: " + Text.safe(e.text()));
        return Step.LATER;
      }
      if (e.exitCode() == ExitCode.REFUSED)
        throw e; // no file would fare better
      fail(inbox, taken, e.hint().isEmpty() ? e.text() : e.text() + "; " + e.hint(),
          begun ? state.failures() : Json.mapper().createArrayNode());
      return Step.DONE;
    }
  }

  private void fail(Inbox inbox, Path file, String problem, JsonNode failures)
      throws IOException {
    result = ExitCode.PARTIAL;
    Map<String, Object> errors = new LinkedHashMap<>();
    errors.put("file", String.valueOf(file.getFileName()));
    errors.put("collection", options.collection);
    errors.put("time", session.now().toString());
    errors.put("error", problem);
    errors.put("failures", failures);
    Path failed = inbox.fail(file, errors);
    session.console().error(Text.safe(String.valueOf(file.getFileName())) + ": "
        + Text.safe(problem) + ": see "
        + Text.safe(Inbox.beside(failed, Inbox.ERRORS).toString()));
  }
}
