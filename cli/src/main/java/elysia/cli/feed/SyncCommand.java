package elysia.cli.feed;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.feed.detect.DetectJob;
import elysia.cli.feed.state.RunState;
import elysia.cli.feed.upload.FileJob;
import elysia.cli.feed.upload.RunLauncher;
import elysia.cli.feed.upload.UploadSettings;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `elysiactl index sync`.
@Command(name = "sync", description = "Bring named changes into a collection: paths, or lines of the change contract", footer = {
    "", "For example:  git diff --name-only HEAD~1 | elysiactl index sync --stdin"})
final class SyncCommand implements Callable<Integer> {
  @Option(names = "--stdin", description = "read standard input; so it is where no other input is named")
  boolean stdin;

  @Option(names = {"--input", "--changes"}, paramLabel = "FILE", description = "read this file")
  @Nullable
  String input;

  @Option(names = "--json", description = "the input is one JSON document: {\"repositories\":[…]}")
  boolean json;

  @Option(names = "--detect-changes", description = "find out what changed since the last run: with Git, or by times and checksums")
  boolean detect;

  @Option(names = "--continuous", description = "standard input does not end: what comes is sent at once")
  boolean continuous;

  @Option(names = "--wait", description = "wait while another run uses the state directory")
  boolean wait;

  @Option(names = "--status", description = "print how the last run fared")
  boolean status;

  @Mixin
  FeedOptions options = new FeedOptions();

  private final Session session;

  SyncCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (status)
      return printStatus();
    String from = input;
    if (from != null && (stdin || continuous))
      throw Failure.usage("--input and " + (stdin ? "--stdin" : "--continuous")
          + " exclude each other", "name one of them");
    if (json && continuous)
      throw Failure.usage("--json reads one document, which --continuous never sees the end of",
          "send lines of the change contract instead");
    if (detect && !json && (from != null || stdin || continuous))
      throw Failure.usage("--detect-changes needs no input",
          "leave out --stdin and --input, or name repositories with --json");
    if (!detect && from == null && !stdin && !continuous && session.environment().terminal())
      throw Failure.usage("nothing to read: name --stdin, --input or --detect-changes",
          "git diff --name-only HEAD~1 | elysiactl index sync --stdin");
    UploadSettings settings = options.settings(session,
        new FeedOptions.Mode(continuous, wait, detect && !json));
    String file = from == null ? "-" : from;
    boolean telling = settings.state().named();
    RunLauncher runs = new RunLauncher(session, settings);
    if (json)
      return runs.run(() -> DetectJob.named(session, settings, file), true, telling);
    if (detect)
      return runs.run(() -> DetectJob.here(session, settings), true, telling);
    FileJob job = FileJob.of(session, settings, file);
    return runs.run(() -> job, job.identity().isPresent(), telling);
  }

  private int printStatus() {
    JsonNode state = RunState.read(options.state(session).file());
    JsonNode batch = state.path("current_batch");
    String reached = state.path("status").asText("never");
    if (reached.equals("running") && !RunState.inUse(options.state(session).folder()))
      reached = "interrupted"; // it was killed
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("last_run", state.path("last_run").asText(""));
    document.put("status", reached);
    document.put("processed", batch.path("processed_lines").asLong());
    document.put("total", batch.path("total_lines").asLong());
    document.put("errors", batch.path("failed_lines").asLong());
    document.put("next_resume_position", reached.equals("done") || reached.equals("never")
        ? 0
        : batch.path("processed_lines").asLong() + 1);
    if (state.has(RunState.CHANGESETS))
      document.put(RunState.CHANGESETS, state.path(RunState.CHANGESETS));
    session.output().line(document);
    return ExitCode.OK;
  }
}
