package elysia.cli.repository;

import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The repositories that a command is for: by name, all, or those that match a filter.
final class Selection {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "repositories")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "all repositories")
  private boolean all;

  @Option(names = "--filter", paramLabel = "FIELD=VALUE", split = ",", description = RepositoryFilter.HELP)
  private List<String> filters = new ArrayList<>();

  /// The names, each once.
  ///
  /// @throws Failure nothing was named, or in two ways
  List<String> names(Session session) {
    int ways = (names.isEmpty() ? 0 : 1) + (all ? 1 : 0) + (filters.isEmpty() ? 0 : 1);
    if (ways != 1)
      throw Failure.usage(
          ways == 0 ? "no repository is named" : "repositories are named in two ways",
          "NAME…, --all or --filter state=failed; their names: elysiactl repo list");
    if (!names.isEmpty())
      return names.stream().distinct().toList();
    RepositoryFilter filter = RepositoryFilter.of(filters);
    List<String> found = new ArrayList<>();
    for (Iterator<RepositoryStatus> statuses = session.api()
        .repositories(); statuses.hasNext();) {
      RepositoryStatus status = statuses.next();
      if (filter.test(status))
        found.add(status.name());
    }
    return found;
  }
}
