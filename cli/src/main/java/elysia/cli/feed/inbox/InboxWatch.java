package elysia.cli.feed.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.feed.input.Inputs;
import elysia.cli.feed.state.RunState;
import elysia.cli.feed.upload.FeedRun;
import elysia.cli.feed.upload.FileJob;
import elysia.cli.feed.upload.InterruptFlag;
import elysia.cli.feed.upload.MetricsFile;
import elysia.cli.feed.upload.UploadSettings;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
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

/// The loop of `index watch`: takes one file after another out of an inbox and brings it in.
public final class InboxWatch {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Session session;
  private final UploadSettings settings;
  private final Inbox inbox;
  private final boolean once;
  private final MetricsFile metrics;
  private int result = ExitCode.OK;

  /// @param once ends when no complete file is left
  public InboxWatch(Session session, UploadSettings settings, Inbox inbox, boolean once) {
    this.session = session;
    this.settings = settings;
    this.inbox = inbox;
    this.once = once;
    this.metrics = new MetricsFile(session, settings.metricsFile());
  }

  /// Runs until it is interrupted.
  ///
  /// @return the exit code
  public int run() throws IOException {
    try (InterruptFlag stop = new InterruptFlag(session)) {
      watch(stop);
    }
    return result;
  }

  private void watch(InterruptFlag stop) throws IOException {
    Duration wait = LOOK;
    while (!stop.asked()) {
      Optional<RunState> state = RunState.take(inbox.work(), inbox.work().resolve("state.json"),
          e -> FeedRun.warn(session, e));
      Step step = Step.NOTHING;
      if (state.isPresent())
        try {
          if (state.get().trouble().isPresent()) // without the lock two could take one file
            throw state.get().trouble().get();
          step = next(state.get(), stop);
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

  private Step next(RunState state, InterruptFlag stop) throws IOException {
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
      FileJob job = FileJob.of(session, settings, taken.toString(), taken);
      Inputs.Identity identity = job.identity().orElseThrow();
      session.console().note("Taking " + name);
      begun = true;
      state.grown(identity, size -> Inputs.identity(name, taken, size));
      if (!state.finished(identity, settings.collection().value())) {
        int code = new FeedRun(session, settings, job, Optional.of(state), metrics, stop, true)
            .run();
        if (code == ExitCode.INTERRUPTED)
          return Step.LATER;
        if (state.trouble().isPresent())
          result = ExitCode.PARTIAL;
      }
      if (Files.size(taken) > identity.size()) {
        session.console().note(name + " has grown meanwhile; it continues with what was added");
        return Step.DONE;
      }
      if (state.failures().isEmpty())
        inbox.archive(taken);
      else
        fail(taken, "some lines failed", state.failures());
      return Step.DONE;
    } catch (Failure e) {
      if (e.exitCode() == ExitCode.UNREACHABLE || e.exitCode() == ExitCode.INTERRUPTED) {
        session.console().error("warning: " + name + " waits: " + Text.safe(e.text()));
        return Step.LATER;
      }
      if (e.exitCode() == ExitCode.REFUSED)
        throw e; // no file would fare better
      fail(taken, e.hint().isEmpty() ? e.text() : e.text() + "; " + e.hint(),
          begun ? state.failures() : Json.mapper().createArrayNode());
      return Step.DONE;
    }
  }

  private void fail(Path file, String problem, JsonNode failures)
      throws IOException {
    result = ExitCode.PARTIAL;
    Map<String, Object> errors = new LinkedHashMap<>();
    errors.put("file", String.valueOf(file.getFileName()));
    errors.put("collection", settings.collection().value());
    errors.put("time", session.now().toString());
    errors.put("error", problem);
    errors.put("failures", failures);
    Path failed = inbox.fail(file, errors);
    session.console().error(Text.safe(String.valueOf(file.getFileName())) + ": "
        + Text.safe(problem) + ": see "
        + Text.safe(Inbox.beside(failed, Inbox.ERRORS).toString()));
  }
}
