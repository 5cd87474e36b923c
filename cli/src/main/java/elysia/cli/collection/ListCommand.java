package elysia.cli.collection;

import elysia.cli.output.Table;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.collection.CollectionStatus;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `elysiactl col list`.
@Command(name = "list", description = "List the collections")
final class ListCommand implements Callable<Integer> {
  private final Session session;

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<CollectionStatus> collections = session.api().collections();
    if (!session.output().table())
      session.output().many(collections.iterator());
    else if (collections.isEmpty())
      session.console().note("No collections yet; adding a repository makes one");
    else {
      Table table = new Table("name", "files", "chunks", "repositories", "model");
      for (CollectionStatus collection : collections)
        table.row(collection.name(), Text.number(collection.files()),
            Text.number(collection.chunks()), Text.number(collection.repos().size()),
            collection.model());
      table.print(session.console());
    }
    return ExitCode.OK;
  }
}
