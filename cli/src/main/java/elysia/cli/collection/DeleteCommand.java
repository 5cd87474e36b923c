package elysia.cli.collection;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl col delete`.
@Command(name = "delete", description = "Delete a collection; refused while managed repositories use it")
final class DeleteCommand implements Callable<Integer> {
  @Parameters(paramLabel = "C", description = "a collection")
  String name = "";

  @Option(names = {"-y", "--yes"}, description = "do not ask")
  boolean yes;

  private final Session session;

  DeleteCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.confirm("Delete collection " + Text.safe(name) + " with all its chunks?", yes);
    session.api().deleteCollection(name);
    session.output().one(Map.of("deleted", name),
        () -> session.console().note("Deleted collection " + Text.safe(name)));
    return ExitCode.OK;
  }
}
