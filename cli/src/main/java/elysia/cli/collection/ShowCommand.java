package elysia.cli.collection;

import elysia.cli.output.Details;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.collection.CollectionStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `elysiactl col show`.
@Command(name = "show", description = "Show one collection")
final class ShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "C", description = "a collection")
  String name = "";

  private final Session session;

  ShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CollectionStatus collection = session.api().collection(name);
    session.output().one(collection,
        () -> new Details().add("name", collection.name())
            .add("files", Text.number(collection.files()))
            .add("chunks", Text.number(collection.chunks()))
            .add("vectorizer", collection.vectorizer())
            .add("model", collection.model() + ", " + collection.dimension() + " dimensions")
            .add("repositories", String.join(", ", collection.repos()))
            .add("managed", String.join(", ", collection.managed())).lines(0)
            .forEach(session.console()::data));
    return ExitCode.OK;
  }
}
