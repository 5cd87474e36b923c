package elysia.cli.repository;

import elysia.cli.output.Choice;
import elysia.cli.session.Session;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `elysiactl repo`: managed repositories.
@Command(name = "repo", description = "Manage repositories and their syncs")
public final class RepoCommand {
  /// The group with all its commands.
  public static CommandLine create(Session session) {
    return new CommandLine(new RepoCommand()).addSubcommand(new AddCommand(session))
        .addSubcommand(new AddBatchCommand(session)).addSubcommand(new ListCommand(session))
        .addSubcommand(new StatusCommand(session)).addSubcommand(new LogsCommand(session))
        .addSubcommand(new SyncCommand(session)).addSubcommand(new RetryCommand(session))
        .addSubcommand(new PauseCommand(session)).addSubcommand(new ResumeCommand(session))
        .addSubcommand(new UpdateCommand(session)).addSubcommand(new VerifyCommand(session))
        .addSubcommand(new DiagnoseCommand(session)).addSubcommand(new FixAuthCommand(session))
        .addSubcommand(new RemoveCommand(session))
        .registerConverter(ListCommand.Sort.class, new Choice<>(ListCommand.Sort.class));
  }
}
