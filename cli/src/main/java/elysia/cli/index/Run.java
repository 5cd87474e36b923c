package elysia.cli.index;

import elysia.cli.output.Text;
import elysia.cli.session.ExitCode;
import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import elysia.core.change.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A command's run over one input, from its state to its summary.
final class Run {
  private final Session session;
  private final FeedOptions options;
  private final String input;
  private final boolean jsonl;

  /// @param input
  ///          a file, or `-`
  /// @param jsonl
  ///          whether each batch is told
  Run(Session session, FeedOptions options, String input, boolean jsonl) {
    this.session = session;
    this.options = options;
    this.input = input;
    this.jsonl = jsonl;
  }

  /// @return the exit code
  int run() {
    String collection = options.collection().value();
    Optional<Inputs.Identity> identity = input.equals("-")
        ? Optional.empty()
        : Optional.of(Inputs.identity(session, input));
    if (options.dryRun)
      return feed(collection, identity, Optional.empty(), UUID.randomUUID().toString());
    Optional<RunState> taken = RunState.take(options.stateDir(session),
        options.stateFile(session));
    if (taken.isEmpty() && (identity.isPresent() || options.stateDir != null))
      throw Failure.usage("another run uses the state directory " + options.stateDir(session),
          "wait for its end, or name another with --state-dir");
    try {
      return feed(collection, identity, taken, UUID.randomUUID().toString());
    } finally {
      taken.ifPresent(RunState::close);
    }
  }

  private int feed(String collection, Optional<Inputs.Identity> identity,
      Optional<RunState> state, String fresh) {
    Instant start = session.now();
    Place after = state.map(s -> s.begin(input, identity, collection, start))
        .orElse(new Place(0, 0, 0));
    String run = state.map(RunState::runId).orElse(fresh);
    table("Syncing to collection: " + collection);
    if (after.line() > 0)
      table("Resuming after line " + after.line());
    table(identity.map(id -> "Processing " + Math.max(0, id.lines() - after.line())
        + " changes...").orElse("Processing changes..."));
    Feed feed = new Feed(session, options, new Sender(session, collection, run, options), state,
        jsonl || session.verbose());
    String status = "stopped";
    try (InputStream in = Inputs.open(session, input)) {
      in.skipNBytes(after.end());
      feed.run(in, after);
      status = feed.stopped() ? "stopped" : "done";
    } catch (IOException e) {
      throw Failure.usage("the input cannot be read: " + e.getMessage(), "").because(e);
    } finally {
      String reached = status;
      state.ifPresent(s -> end(s, reached));
      metrics(feed, start, status);
    }
    summary(collection, feed, Duration.between(start, session.now()));
    return state.flatMap(RunState::trouble).isPresent() ? ExitCode.PARTIAL : feed.exitCode();
  }

  private void end(RunState state, String status) {
    state.end(status, session.now());
    if (!status.equals("done"))
      try {
        session.console().error("stopped; what is left stands in " + state.keep()
            + "; the same command goes on there");
      } catch (IOException e) { // told below
      }
    state.trouble().ifPresent(e -> session.console()
        .error("warning: the state cannot be written, so this run cannot be resumed: " + e));
  }

  private void table(String line) {
    if (session.output().table())
      session.console().data(line);
  }

  private void summary(String collection, Feed feed, Duration time) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("collection", collection);
    for (String name : new String[]{"updated", "added", "deleted", "skipped", "unindexable",
        "chunks", "chunks_embedded", "chunks_reused"})
      document.put(name, feed.totals().getOrDefault(name, 0L));
    document.put("errors", feed.errors());
    document.put("seconds", time.toMillis() / 1e3);
    document.put("dry_run", options.dryRun);
    session.output().one(document, () -> {
      table("Summary:");
      for (String name : new String[]{"Updated", "Added", "Deleted"})
        table("  " + name + ": "
            + feed.totals().getOrDefault(name.toLowerCase(Locale.ROOT), 0L));
      if (feed.totals().getOrDefault("skipped", 0L) > 0)
        table("  Skipped: " + feed.totals().get("skipped"));
      table("  Errors: " + feed.errors());
      table("  Time: " + Text.duration(time));
      if (options.dryRun)
        table("Dry run: nothing was written. Would embed "
            + feed.totals().getOrDefault("chunks_embedded", 0L) + " of "
            + feed.totals().getOrDefault("chunks", 0L) + " chunks.");
    });
  }

  /// In the text format of Prometheus, replaced as a whole.
  private void metrics(Feed feed, Instant start, String status) {
    Path file = options.metricsFile;
    if (file == null)
      return;
    Path target = session.environment().workingDirectory().resolve(file);
    StringBuilder text = new StringBuilder();
    text.append("elysiactl_sync_last_run_timestamp{status=\"")
        .append(status.equals("done") && feed.errors() == 0 ? "success" : "failure")
        .append("\"} ").append(session.now().getEpochSecond()).append('\n');
    for (String name : new String[]{"updated", "added", "deleted"})
      text.append("elysiactl_sync_files_processed_total{operation=\"").append(name).append("\"} ")
          .append(feed.totals().getOrDefault(name, 0L)).append('\n');
    text.append("elysiactl_sync_failures_total{reason=\"line\"} ").append(feed.errors())
        .append('\n').append("elysiactl_sync_duration_seconds ")
        .append(Duration.between(start, session.now()).toMillis() / 1e3).append('\n');
    try {
      Path next = target.resolveSibling(target.getFileName() + ".next");
      Files.writeString(next, text);
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      session.console().error("warning: --metrics-file cannot be written: " + e);
    }
  }
}
