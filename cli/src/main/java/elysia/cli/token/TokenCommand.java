package elysia.cli.token;

import elysia.cli.session.Session;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `elysiactl token`: who may use the API.
@Command(name = "token", description = "Make, list and revoke tokens; the first one closes the API to everybody else")
public final class TokenCommand {
  /// The group with all its commands.
  public static CommandLine create(Session session) {
    return new CommandLine(new TokenCommand()).addSubcommand(new CreateCommand(session))
        .addSubcommand(new ListCommand(session)).addSubcommand(new RevokeCommand(session));
  }
}
