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
  @Option(names = "--stdin", description = "read standard input")
  boolean stdin;

  @Option(names = {"--input", "--changes"}, paramLabel = "FILE", description = "read this file")
  @Nullable
  String input;

  @Option(names = "--continuous", description = "standard input does not end: what comes is sent at once")
  boolean continuous;

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
    if ((from == null) == !(stdin || continuous))
      throw Failure.usage("exactly one of --stdin and --input is needed",
          "git diff --name-only HEAD~1 | elysiactl index sync --stdin");
    boolean telling = options.stateDir != null;
    return new Run(session, options, from == null ? "-" : from, telling).run();
  }

  private int printStatus() {
    JsonNode state = RunState.read(options.stateFile(session));
    JsonNode batch = state.path("current_batch");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("last_run", state.path("last_run").asText(""));
    document.put("status", state.path("status").asText("never"));
    document.put("processed", batch.path("processed_lines").asLong());
    document.put("total", batch.path("total_lines").asLong());
    document.put("errors", batch.path("failures").size());
    document.put("next_resume_position", state.path("status").asText().equals("done")
        ? 0
        : batch.path("processed_lines").asLong() + 1);
    session.output().line(document);
    return ExitCode.OK;
  }
}
