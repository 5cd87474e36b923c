package elysia.cli.index;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.session.ExitCode;
import elysia.cli.session.Failure;
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
    options.check(session);
    options.endless = continuous;
    options.wait = wait;
    options.detects = detect && !json;
    String file = from == null ? "-" : from;
    boolean telling = options.stateDir != null;
    Runs runs = new Runs(session, options);
    if (json)
      return runs.run(() -> DetectJob.named(session, options, file), true, telling);
    if (detect)
      return runs.run(() -> DetectJob.here(session, options), true, telling);
    FileJob job = FileJob.of(session, options, file);
    return runs.run(() -> job, job.identity().isPresent(), telling);
  }

  private int printStatus() {
    JsonNode state = RunState.read(options.stateFile(session));
    JsonNode batch = state.path("current_batch");
    String reached = state.path("status").asText("never");
    if (reached.equals("running") && !RunState.inUse(options.stateDir(session)))
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
