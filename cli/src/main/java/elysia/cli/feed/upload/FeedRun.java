package elysia.cli.feed.upload;

import elysia.cli.feed.input.InputHead;
import elysia.cli.feed.state.ResumePoint;
import elysia.cli.feed.state.RunState;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.change.LinePosition;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Works through one job, from its state to its summary.
public final class FeedRun {
  private static final Duration METRICS = Duration.ofSeconds(10);

  private final Session session;
  private final UploadSettings settings;
  private final FeedJob job;
  private final Optional<RunState> state;
  private final MetricsFile metrics;
  private final InterruptFlag signal;
  private final Printer looks;

  /// @param state empty when nothing is to be kept
  /// @param batches whether each batch is told
  public FeedRun(Session session, UploadSettings settings, FeedJob job, Optional<RunState> state,
      MetricsFile metrics,
      InterruptFlag signal, boolean batches) {
    this.session = session;
    this.settings = settings;
    this.job = job;
    this.state = state;
    this.metrics = metrics;
    this.signal = signal;
    this.looks = new Printer(session, batches || session.verbose());
  }

  /// Warns of a state that cannot be written, at once and loudly.
  public static void warn(Session session, IOException e) {
    session.console().error("warning: the state cannot be written: " + Text.safe(e.toString())
        + "; this run goes on, but it cannot be resumed");
  }

  /// @return the exit code
  public int run() {
    signal.hold();
    Instant start = session.now();
    String collection = settings.collection().value();
    if (settings.fromLine().isEmpty() && job instanceof FileJob file)
      state.ifPresent(s -> file.identity()
          .ifPresent(identity -> s.inputFixed(file.name(), identity, file::beginning)));
    if (settings.fromLine().isEmpty() && state.isPresent()
        && state.get().moves(job.identity(), collection) > 0)
      return doneBefore(state.get());
    if (job instanceof FileJob) // what another finds out again is not lost
      state.flatMap(s -> s.givenUp(job.identity(), collection))
          .ifPresent(
              what -> session.console().note("note: a run that was not finished is given up: "
                  + Text.safe(what) + "; a --state-dir of its own keeps it"));
    int batchSize = settings.delivery().batchSize();
    ResumePoint from = state
        .map(s -> s.begin(job.name(), job.identity(), collection, batchSize, Uploader.AT_ONCE,
            start))
        .orElseGet(() -> ResumePoint.fresh(batchSize));
    LinePosition after = from.after();
    looks.line("Syncing to collection: " + collection);
    if (after.line() > 0)
      looks.line("Resuming after line " + after.line()
          + (from.failed() > 0 ? " (" + from.failed() + " failed before)" : ""));
    job.identity().ifPresent(id -> processing(
        OptionalLong.of(Math.max(0, id.lines() - after.line()))));
    if (settings.continuous())
      processing(OptionalLong.empty());
    Progress progress = new Progress();
    Uploader feed = new Uploader(session, settings, job.origin(), new BatchSender(session,
        state.map(RunState::runId).orElseGet(() -> UUID.randomUUID().toString()), settings, looks),
        state, signal, progress, looks);
    progress.feed = Optional.of(feed);
    String status = "stopped";
    boolean forgotten = false;
    try (InputStream in = job.open()) {
      Optional<InputHead> head = head(feed);
      in.skipNBytes(after.end());
      feed.run(in, from, head);
      status = feed.interrupted() ? "interrupted" : feed.stopped() ? "stopped" : "done";
      forgotten = status.equals("done") && !settings.dryRun() && !remembered();
    } catch (IOException e) {
      throw Uploader.unreadable(e);
    } finally {
      String reached = status;
      state.ifPresent(s -> end(s, reached));
      boolean kept = state.flatMap(RunState::trouble).isEmpty();
      metrics.write(feed.totals(), kept ? feed.failures() : withTrouble(feed.failures()),
          status.equals("done"));
      metrics.add(feed.totals(), feed.failures());
    }
    summary(feed.totals(), feed.errors() + from.failed(), Duration.between(start, session.now()));
    forgotten |= state.flatMap(RunState::trouble).isPresent();
    return feed.exitCode() == ExitCode.OK && (forgotten || from.failed() > 0)
        ? ExitCode.PARTIAL
        : feed.exitCode();
  }

  /// A rename of what the index holds cannot be done twice: what came to its former path since
  /// would be moved, too.
  private int doneBefore(RunState state) {
    long failed = state.failedLines();
    metrics.write(Map.of(), Map.of(), failed == 0);
    String hint = "; it renames files without their content, which cannot be done twice. ";
    session.console().error(Text.safe(job.name()) + " was brought in at " + state.lastSuccess()
        + (failed == 0 ? "" : ", but for " + Text.count(failed, "line") + " that failed") + hint
        + (failed == 0
            ? "To do it again from a line on all the same: --from-line 1"
            : "Send these lines in a file of their own, or do all of it again: --from-line 1"));
    summary(Map.of(), failed, Duration.ZERO);
    return failed == 0 ? ExitCode.OK : ExitCode.PARTIAL;
  }

  /// The head of an input that can be read again.
  private Optional<InputHead> head(Uploader feed) throws IOException {
    if (job.identity().isEmpty())
      return Optional.empty();
    try (InputStream in = job.open()) {
      return Optional.of(InputHead.of(in, feed.headOptions()));
    }
  }

  private boolean remembered() {
    try {
      job.done();
      return true;
    } catch (IOException e) {
      session.console().error("warning: what was found cannot be remembered: "
          + Text.safe(e.toString()) + "; the next run finds it again");
      return false;
    }
  }

  private static Map<String, Long> withTrouble(Map<String, Long> failures) {
    Map<String, Long> all = new LinkedHashMap<>(failures);
    all.put("state_not_written", 1L);
    return all;
  }

  private void processing(OptionalLong changes) {
    looks.line("Processing " + (changes.isPresent() ? changes.getAsLong() + " " : "")
        + "changes...");
  }

  private void end(RunState state, String status) {
    if (status.equals("stopped") && job instanceof FileJob file && file.identity().isPresent())
      try {
        state.stoppedIn(file::offset, file::beginning);
      } catch (Failure e) { // it cannot be read any more: then it cannot be fixed either
      }
    state.end(status, session.now());
    if (status.equals("done"))
      return;
    String where = "";
    try {
      where = status.equals("stopped") ? "; what is left stands in " + state.keep() : "";
    } catch (IOException e) { // it was told that nothing can be written
    }
    session.console().error(status + where + (job.identity().isPresent()
        && state.trouble().isEmpty() ? "; the same command goes on there" : ""));
  }

  private void summary(Map<String, Long> totals, long errors, Duration time) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("input", job.name());
    document.put("collection", settings.collection().value());
    for (String name : new String[]{"updated", "added", "deleted", "skipped", "unindexable",
        "chunks", "chunks_embedded", "chunks_reused"})
      document.put(name, totals.getOrDefault(name, 0L));
    document.put("errors", errors);
    document.put("seconds", time.toMillis() / 1e3);
    document.put("dry_run", settings.dryRun());
    session.output().one(document, () -> table(totals, errors, time));
  }

  private void table(Map<String, Long> totals, long errors, Duration time) {
    looks.line("Summary:");
    for (String name : new String[]{"updated", "added", "deleted", "skipped"}) {
      long count = totals.getOrDefault(name, 0L);
      if (count > 0 || !name.equals("skipped"))
        looks.line("  " + Character.toUpperCase(name.charAt(0)) + name.substring(1) + ": "
            + count);
    }
    long unindexable = totals.getOrDefault("unindexable", 0L);
    if (unindexable > 0)
      looks.line("  Not indexable: " + unindexable + " (empty, binary or too large)");
    looks.line("  Errors: " + errors);
    looks.line("  Time: " + Text.duration(time));
    if (settings.dryRun())
      looks.line("Dry run: nothing was written. Would embed "
          + totals.getOrDefault("chunks_embedded", 0L) + " of "
          + totals.getOrDefault("chunks", 0L) + " chunks.");
  }

  /// Keeps what others read up to date while the run continues.
  private final class Progress implements Uploader.Observer {
    private Optional<Uploader> feed = Optional.empty();
    private Instant written = session.now();

    @Override
    public void begins(OptionalLong changes) {
      if (job.identity().isEmpty() && !settings.continuous())
        processing(changes);
    }

    @Override
    public void failed(long line) {
      job.failed(line);
    }

    @Override
    public void advanced() {
      Instant now = session.now();
      if (!settings.continuous() || Duration.between(written, now).compareTo(METRICS) < 0)
        return;
      written = now;
      feed.ifPresent(f -> metrics.write(f.totals(), f.failures(), true));
    }
  }
}
