package elysia.cli.repository;

import elysia.cli.output.Table;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `elysiactl repo list`.
@Command(name = "list", description = "List the repositories")
final class ListCommand implements Callable<Integer> {
  private final Session session;

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Iterator<RepositoryStatus> all = session.api().repositories();
    if (!session.output().table()) {
      session.output().many(all);
      return ExitCode.OK;
    }
    Table table = table();
    Instant now = session.now();
    all.forEachRemaining(status -> row(table, status, now));
    if (table.isEmpty())
      session.console().note("No repositories yet; add one: elysiactl repo add URL");
    else
      table.print(session.console());
    return ExitCode.OK;
  }

  static Table table() {
    return new Table("name", "state", "collection", "documents", "last sync", "next sync",
        "success");
  }

  static void row(Table table, RepositoryStatus status, Instant now) {
    table.row(status.name(),
        status.state() + (status.failures() > 0 ? " (" + status.failures() + " failed)" : ""),
        status.collection(), status.documents().map(Text::number).orElse("-"),
        status.lastSync().map(at -> Text.relative(at, now)).orElse("never"),
        status.nextSync().map(at -> Text.relative(at, now)).orElse("-"),
        status.successRate().map(Text::percent).orElse("-"));
  }
}
