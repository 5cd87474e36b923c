package elysia.cli.collection;

import elysia.cli.session.Session;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `elysiactl col`: collections.
@Command(name = "col", description = "Look at collections and delete them")
public final class ColCommand {
  /// The group with all its commands.
  public static CommandLine create(Session session) {
    return new CommandLine(new ColCommand()).addSubcommand(new ListCommand(session))
        .addSubcommand(new ShowCommand(session)).addSubcommand(new DeleteCommand(session));
  }
}
