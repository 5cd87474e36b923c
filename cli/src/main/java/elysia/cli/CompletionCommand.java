package elysia.cli;

import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/// `elysiactl completion`: a script for the shell.
@Command(name = "completion", description = "Print a script that completes commands and options in bash and zsh", footer = {
    "", "For example:  source <(elysiactl completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Session session;

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.console().data(AutoComplete.bash("elysiactl", Main.commands(session)).strip());
    return ExitCode.OK;
  }
}
