package elysia.cli;

import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `elysiactl help`: the help of a command, as `--help` prints it.
@Command(name = "help", description = "Show the help of a command, such as: elysiactl help repo add")
final class HelpCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "a command and its subcommand; all commands when left out")
  List<String> path = new ArrayList<>();

  private final Session session;

  HelpCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CommandLine command = Main.commands(session);
    for (String name : path) {
      CommandLine sub = command.getSubcommands().get(name);
      if (sub == null)
        throw Failure.usage(command.getCommandSpec().qualifiedName() + " has no command \"" + name
            + "\" (expected: " + String.join(", ", command.getSubcommands().keySet()) + ")", "");
      command = sub;
    }
    command.usage(session.environment().out());
    return ExitCode.OK;
  }
}
