package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Details;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.process.Interrupts;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.VerifyReport;
import elysia.core.repository.VerifyReport.Difference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `elysiactl repo verify`.
@Command(name = "verify", description = "Compare the index with the tree of the synced commit, chunk by chunk")
final class VerifyCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(300);

  @Mixin
  Selection selection = new Selection();

  @Option(names = "--deep", description = "also find each chunk by its own vector")
  boolean deep;

  @Option(names = "--repair", description = "repair what differs, then compare again")
  boolean repair;

  private final Session session;

  VerifyCommand(Session session) {
    this.session = session;
  }

  /// The command's data.
  ///
  /// @param afterRepair what a second comparison found, when something was repaired
  record Verified(VerifyReport report, Optional<VerifyReport> afterRepair) {}

  @Override
  public Integer call() {
    return Action.each(session, selection.names(session), this::verify);
  }

  private int verify(String name) {
    VerifyReport report = run(name, repair);
    if (session.output().table())
      print(name, report);
    Optional<VerifyReport> again = repair && report.total() > 0
        ? Optional.of(run(name, false))
        : Optional.empty();
    session.output().one(new Verified(report, again),
        () -> again.ifPresent(other -> printAgain(name, other)));
    return again.orElse(report).total() == 0 ? ExitCode.OK : ExitCode.PARTIAL;
  }

  private VerifyReport run(String name, boolean repairing) {
    Optional<Instant> before = session.api().repository(name).verify()
        .map(VerifyReport::startedAt);
    RepositoryStatus now = session.api().act(name,
        "verify?deep=" + deep + "&repair=" + repairing);
    try (Interrupts.Registration _ = session.environment().interrupts().onInterrupt(
        () -> session.console().error("Interrupted. The verify goes on on the node; its report: "
            + "elysiactl repo status " + Text.safe(name)))) {
      while (true) {
        Optional<VerifyReport> report = now.verify()
            .filter(r -> !Optional.of(r.startedAt()).equals(before));
        if (report.isPresent() && !report.get().state().equals("running"))
          return finished(report.get());
        session.console().progress(report.map(VerifyCommand::progress)
            .orElse("waiting for the running sync to end …"));
        session.environment().pace().pause(LOOK);
        now = session.api().repository(name);
      }
    } finally {
      session.console().clearProgress();
    }
  }

  private static VerifyReport finished(VerifyReport report) {
    if (report.state().equals("failed"))
      throw new Failure(ExitCode.PARTIAL,
          "the verify failed: " + report.error().orElse("the node gives no reason"),
          "try it again; nothing was changed that a sync does not repair");
    return report;
  }

  private static String progress(VerifyReport report) {
    return "Verifying: " + Text.count(report.files(), "file") + ", "
        + Text.count(report.chunks(), "chunk") + ", " + Text.count(report.total(), "difference");
  }

  private void print(String name, VerifyReport report) {
    Console console = session.console();
    for (Difference difference : report.differences())
      console.data(Text.safe(difference.kind()) + "  " + Text.safe(difference.path()) + "#"
          + difference.chunk() + "  " + Text.safe(difference.detail()));
    if (report.total() > report.differences().size())
      console.data("… and " + Text.number(report.total() - report.differences().size()) + " more");
    String verdict = report.total() == 0
        ? console.green("No differences")
        : console.red(Text.count(report.total(), "difference"));
    console.data(verdict + " between the index and commit " + Text.shortCommit(report.commit()));
    Details details = new Details()
        .add("compared", Text.count(report.files(), "file") + ", "
            + Text.count(report.chunks(), "chunk") + (report.deep() ? ", each by its vector" : ""))
        .add("skipped", Text.breakdown(report.skipped()));
    if (report.total() > 0)
      details.add("found", Text.number(report.missing()) + " missing, "
          + Text.number(report.stale()) + " stale, " + Text.number(report.wrongLines())
          + " with wrong lines, " + Text.number(report.extra()) + " extra, "
          + Text.number(report.unsearchable()) + " unsearchable");
    if (report.repair())
      details.add("repaired", Text.count(report.repaired(), "file"));
    details.lines(2).forEach(console::data);
    if (report.total() > 0 && !report.repair())
      console.note("Repair just these: elysiactl repo verify " + Text.safe(name)
          + (report.deep() ? " --deep --repair" : " --repair"));
  }

  private void printAgain(String name, VerifyReport again) {
    Console console = session.console();
    console.data("");
    console.data("After the repair:");
    print(name, again);
  }
}
