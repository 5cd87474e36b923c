package elysia.cli.repository;

import elysia.cli.output.Table;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `elysiactl repo list`.
@Command(name = "list", description = "List the repositories")
final class ListCommand implements Callable<Integer> {
  /// The columns that a list can be sorted by.
  enum Sort {
    NAME, STATE, COLLECTION, DOCUMENTS, LAST;

    Comparator<RepositoryStatus> order() {
      return switch (this) {
        case NAME -> Comparator.comparing(RepositoryStatus::name);
        case STATE -> Comparator.comparing(status -> status.state().label());
        case COLLECTION -> Comparator.comparing(RepositoryStatus::collection);
        case DOCUMENTS ->
          Comparator.comparingLong(status -> -status.documents().orElse(-1L));
        case LAST -> Comparator.comparing(
            (RepositoryStatus status) -> status.lastSync().orElse(Instant.MIN)).reversed();
      };
    }
  }

  @Option(names = "--filter", paramLabel = "FIELD=VALUE", split = ",", description = RepositoryFilter.HELP)
  List<String> filters = new ArrayList<>();

  @Option(names = "--sort", paramLabel = "COLUMN", description = "name, state, collection, documents (most first) or last (newest sync first)")
  @Nullable
  Sort sort;

  private final Session session;

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Iterator<RepositoryStatus> all = selected();
    if (!session.output().table()) {
      session.output().many(all);
      return ExitCode.OK;
    }
    Table table = table();
    Instant now = session.now();
    all.forEachRemaining(status -> row(table, status, now));
    if (table.isEmpty())
      session.console().note(filters.isEmpty()
          ? "No repositories yet; add one: elysiactl repo add URL"
          : "No repository matches");
    else
      table.print(session.console());
    return ExitCode.OK;
  }

  private Iterator<RepositoryStatus> selected() {
    RepositoryFilter filter = RepositoryFilter.of(filters);
    Iterator<RepositoryStatus> all = session.api().repositories();
    Sort by = sort;
    if (filters.isEmpty() && by == null)
      return all; // as they are read
    List<RepositoryStatus> selected = new ArrayList<>();
    all.forEachRemaining(status -> {
      if (filter.test(status))
        selected.add(status);
    });
    if (by != null)
      selected.sort(by.order().thenComparing(Sort.NAME.order()));
    return selected.iterator();
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
