package elysia.cli.repository;

import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.repository.UpdateRepository;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl repo update`.
@Command(name = "update", description = "Change a repository's settings; what is not named stays")
final class UpdateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "a repository")
  String name = "";

  @Option(names = "--schedule", paramLabel = "CRON", description = "five-field cron, an interval such as 2h, or none")
  @Nullable
  String schedule;

  @Option(names = "--watch", description = "sync every 30 minutes")
  boolean watch;

  @Option(names = "--branch", paramLabel = "B", description = "another branch; empty for the remote's default")
  @Nullable
  String branch;

  @Option(names = "--include-pattern", paramLabel = "GLOBS", description = "only these files; empty for all")
  @Nullable
  List<String> include;

  @Option(names = "--exclude-pattern", paramLabel = "GLOBS", description = "not these files; empty for none")
  @Nullable
  List<String> exclude;

  @Option(names = "--max-file-size", paramLabel = "SIZE", converter = Size.class, description = "skip larger files, such as 1MB or 500k")
  @Nullable
  Long maxFileSize;

  private final Session session;

  UpdateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (watch && schedule != null)
      throw Failure.usage("--watch and --schedule say both when to sync", "");
    Optional<String> when = watch ? Optional.of(AddOptions.WATCH) : Optional.ofNullable(schedule);
    if (when.isEmpty() && branch == null && include == null && exclude == null
        && maxFileSize == null)
      throw Failure.usage("nothing to change", "name a setting, such as --schedule 2h");
    UpdateRepository request = new UpdateRepository(when, Optional.ofNullable(branch),
        Optional.ofNullable(include).map(AddOptions::globs),
        Optional.ofNullable(exclude).map(AddOptions::globs), Optional.ofNullable(maxFileSize));
    return Action.tell(session, session.api().update(name, request), "Updated");
  }
}
