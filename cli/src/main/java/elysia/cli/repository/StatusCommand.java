package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Details;
import elysia.cli.output.Table;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.VerifyReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `elysiactl repo status`.
@Command(name = "status", description = "Show how one repository fares, or all of them together")
final class StatusCommand implements Callable<Integer> {
  private static final int LISTED_FAILURES = 20;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "a repository; all when left out")
  @Nullable
  String name;

  private final Session session;

  StatusCommand(Session session) {
    this.session = session;
  }

  /// All repositories together.
  ///
  /// @param states repositories by state
  /// @param attention those with trouble or failed files
  record Overview(long repositories, Map<String, Long> states, long documents, long chunks,
      List<RepositoryStatus> attention) {}

  @Override
  public Integer call() {
    if (name == null) {
      Overview overview = overview(session.api().repositories());
      session.output().one(overview, () -> print(overview));
      return ExitCode.OK;
    }
    RepositoryStatus status = session.api().repository(name);
    session.output().one(status, () -> print(status));
    return ExitCode.OK;
  }

  private static Overview overview(Iterator<RepositoryStatus> all) {
    Map<String, Long> states = new TreeMap<>();
    List<RepositoryStatus> attention = new ArrayList<>();
    long documents = 0;
    long chunks = 0;
    long count = 0;
    while (all.hasNext()) {
      RepositoryStatus status = all.next();
      count++;
      states.merge(status.state().label(), 1L, Long::sum);
      documents += status.documents().orElse(0L);
      chunks += status.chunks().orElse(0L);
      if (status.trouble().isPresent() || status.failures() > 0)
        attention.add(status);
    }
    return new Overview(count, states, documents, chunks, attention);
  }

  private void print(Overview overview) {
    Console console = session.console();
    new Details().add("repositories", Text.number(overview.repositories()))
        .add("states", Text.breakdown(overview.states()))
        .add("documents", Text.number(overview.documents()))
        .add("chunks", Text.number(overview.chunks()))
        .add("need attention", Text.number(overview.attention().size())).lines(0)
        .forEach(console::data);
    if (overview.attention().isEmpty())
      return;
    console.data("");
    Table table = new Table("name", "state", "failed files", "detail");
    for (RepositoryStatus status : overview.attention())
      table.row(status.name(), status.state().label(), Text.number(status.failures()), why(status));
    table.print(console);
  }

  /// The detail of one that waits says how long and for what; of one that tries again it says only
  /// what it does now.
  private static String why(RepositoryStatus status) {
    return status.trouble().filter(_ -> status.state() != RepositoryStatus.State.WAITING
        || status.detail().isEmpty()).map(RepositoryStatus.LastError::message)
        .orElse(status.detail());
  }

  private void print(RepositoryStatus status) {
    Console console = session.console();
    Instant now = session.now();
    console.data(console.bold(Text.safe(status.name())) + "  " + status.state().label()
        + (status.detail().isEmpty() ? "" : ": " + Text.safe(status.detail())));
    new Details().add("location", status.location()).add("branch", status.branch())
        .add("collection", status.collection())
        .add("documents", status.documents().map(files -> Text.number(files)
            + status.chunks().map(c -> " in " + Text.count(c, "chunk")).orElse("")))
        .add("synced commit", status.syncedCommit())
        .add("last sync", status.lastSync().map(at -> Text.relative(at, now)))
        .add("last checked", status.lastChecked().map(at -> Text.relative(at, now)))
        .add("next sync", status.nextSync().map(at -> Text.relative(at, now)))
        .add("schedule", status.schedule().orElse("only on request"))
        .add("success", status.successRate().map(Text::percent))
        .add("include", String.join(", ", status.includePattern()))
        .add("exclude", String.join(", ", status.excludePattern()))
        .add("max file size", Text.bytes(status.maxFileSize()))
        .add("vectorizer", status.vectorizer() + ", " + status.model())
        .add("pending", status.pendingSync() ? "one more sync was asked for" : "")
        .add("node", status.node()).lines(2).forEach(console::data);
    status.progress().ifPresent(progress -> section("running sync", progressOf(progress, now)));
    status.lastResult().ifPresent(sync -> {
      Details details = new Details()
          .add("result", sync.result() + " (" + sync.mode() + ", pulled by "
              + sync.via() + ")")
          .add("commit", Text.shortCommit(sync.to()))
          .add("took", Text.duration(Summary.took(sync)));
      section("last sync", details);
      Details counts = Summary.counts(sync.counts());
      if (session.verbose())
        counts.add("stages", Summary.stages(sync.counts().stageMillis()));
      counts.lines(4).forEach(console::data);
    });
    status.trouble().ifPresent(trouble -> section("trouble", new Details()
        .add("what", trouble.message()).add("hint", trouble.hint())
        .add("attempts", Text.number(trouble.attempt()) + ", since "
            + Text.relative(trouble.since(), now))
        .add("next try", trouble.nextTry().map(at -> Text.relative(at, now)))));
    status.verify().ifPresent(report -> section("last verify", verifyOf(report, now)));
    for (String note : status.notes())
      console.data("  note: " + Text.safe(note));
    if (status.failures() > 0)
      printFailures(status.name(), status.failures());
  }

  private static Details progressOf(RepositoryStatus.Progress progress, Instant now) {
    return new Details().add("phase", progress.phase() + " (" + progress.mode() + ")")
        .add("files", Text.number(progress.filesDone()) + " of "
            + Text.number(progress.filesTotal()))
        .add("rate", String.format(Locale.ROOT, "%.1f chunks/s",
            progress.chunksPerSecond()))
        .add("eta", progress.etaSeconds().map(Text::seconds))
        .add("started", Text.relative(progress.startedAt(), now))
        .add("waiting", progress.waiting());
  }

  private static Details verifyOf(VerifyReport report, Instant now) {
    return new Details()
        .add("state", report.state() + ", "
            + Text.relative(report.endedAt().orElse(report.startedAt()), now))
        .add("commit", Text.shortCommit(report.commit()))
        .add("differences", Text.number(report.total()) + " in "
            + Text.count(report.chunks(), "chunk"))
        .add("error", report.error());
  }

  private void section(String title, Details details) {
    session.console().data("  " + session.console().bold(title));
    details.lines(4).forEach(session.console()::data);
  }

  private void printFailures(String repository, long count) {
    List<FileFailure> failures = session.api().failures(repository);
    section("failed files (" + Text.number(count) + ")", new Details());
    int limit = session.verbose() ? Integer.MAX_VALUE : LISTED_FAILURES;
    for (FileFailure failure : failures.subList(0, Math.min(limit, failures.size())))
      session.console().data("    " + Text.safe(failure.path().value()) + "  "
          + Text.safe(failure.reason()) + ": " + Text.safe(failure.message()) + " (" +
          Text.count(failure.attempts(), "attempt") + ")");
    if (failures.size() > limit)
      session.console().data("    … and " + Text.number(failures.size() - limit) + " more");
  }
}
