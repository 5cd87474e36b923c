package elysia.cli.repository;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Interrupts;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `elysiactl repo remove`.
@Command(name = "remove", description = "Stop managing a repository and take it out of the index")
final class RemoveCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(300);

  @Mixin
  Selection selection = new Selection();

  @Option(names = "--delete-collection", description = "delete its collection too; refused while others use it")
  boolean deleteCollection;

  @Option(names = {"-y", "--yes"}, description = "do not ask")
  boolean yes;

  private final Session session;

  RemoveCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<String> names = selection.names(session);
    if (!yes && session.console().terminal())
      names.forEach(session.api()::repository); // nothing is asked about what is not there
    if (!names.isEmpty())
      session.confirm(question(names), yes);
    return Action.each(session, names, this::remove);
  }

  private String question(List<String> names) {
    String shown = names.stream().map(Text::safe).collect(Collectors.joining(", "));
    return names.size() == 1
        ? "Remove " + shown + " and its chunks from the index"
            + (deleteCollection ? ", and delete its collection?" : "?")
        : "Remove " + names.size() + " repositories (" + shown + ") and their chunks from the index"
            + (deleteCollection ? ", and delete their collections?" : "?");
  }

  private int remove(String name) {
    String shown = Text.safe(name);
    session.api().remove(name, deleteCollection);
    try (Interrupts.Registration _ = session.environment().interrupts().onInterrupt(
        () -> session.console().error("Interrupted. The removal of " + shown
            + " goes on on the node."))) {
      Optional<RepositoryStatus> now = session.api().find(name);
      while (now.isPresent()) {
        session.console().progress("Removing " + shown + ": " + Text.safe(now.get().detail()));
        session.environment().pace().pause(LOOK);
        now = session.api().find(name);
      }
    } finally {
      session.console().clearProgress();
    }
    session.output().one(Map.of("removed", name), () -> session.console().note("Removed " + shown));
    return ExitCode.OK;
  }
}
