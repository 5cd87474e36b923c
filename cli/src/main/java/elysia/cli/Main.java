package elysia.cli;

import elysia.cli.collection.ColCommand;
import elysia.cli.feed.IndexCommand;
import elysia.cli.output.Choice;
import elysia.cli.output.Format;
import elysia.cli.output.Text;
import elysia.cli.process.Environment;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.repository.RepoCommand;
import elysia.cli.search.SearchCommand;
import elysia.cli.server.ServerCommand;
import elysia.cli.server.StartCommand;
import elysia.cli.server.StatusCommand;
import elysia.cli.server.StopCommand;
import elysia.cli.session.GlobalOptions;
import elysia.cli.session.Session;
import elysia.cli.token.TokenCommand;
import elysia.core.identity.Redacted;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line's entry: `elysiactl`.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args, Environment.ofProcess()));
  }

  @Command(name = "elysiactl", versionProvider = Version.class, description = "Keeps a vector index exactly in step with many Git repositories.", footer = {
      "", "Begin with:  elysiactl repo add .",
      "             elysiactl search \"what you look for\""})
  static final class Root {
    @Mixin
    GlobalOptions globals;

    Root(GlobalOptions globals) {
      this.globals = globals;
    }
  }

  /// Runs one command.
  ///
  /// @return the exit code
  public static int run(String[] args, Environment environment) {
    try (Session session = new Session(environment)) {
      return commands(session).execute(args);
    } finally {
      environment.out().flush();
      environment.err().flush();
    }
  }

  static CommandLine commands(Session session) {
    CommandLine root = new CommandLine(new Root(session.globals()));
    CommandLine server = new CommandLine(new ServerCommand())
        .addSubcommand(new StartCommand(session)).addSubcommand(new StopCommand(session))
        .addSubcommand(new StatusCommand(session));
    root.addSubcommand(server).addSubcommand(RepoCommand.create(session))
        .addSubcommand(new SearchCommand(session)).addSubcommand(ColCommand.create(session))
        .addSubcommand(IndexCommand.create(session))
        .addSubcommand(TokenCommand.create(session)).addSubcommand(new CompletionCommand(session))
        .addSubcommand(new HelpCommand(session));
    IExecutionExceptionHandler failed = (e, _, _) -> failed(session, e);
    Ansi ansi = session.environment().terminal()
        && session.environment().variable("NO_COLOR").isEmpty() ? Ansi.ON : Ansi.OFF;
    root.setUsageHelpWidth(100).setOut(session.environment().out())
        .setErr(session.environment().err())
        .registerConverter(Format.class, new Choice<>(Format.class))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
        .setParameterExceptionHandler((e, _) -> misused(session, e))
        .setExecutionExceptionHandler(failed);
    return sharing(root, root.getCommandSpec());
  }

  private static CommandLine sharing(CommandLine command, CommandSpec root) {
    command.getCommandSpec().usageMessage().sortOptions(false);
    for (CommandLine sub : command.getSubcommands().values())
      sharing(sub.getCommandSpec().versionProvider(root.versionProvider()).commandLine(), root);
    return command;
  }

  private static int misused(Session session, ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = session.environment().err();
    err.print("error: " + Text.safe(Redacted.text(String.valueOf(e.getMessage()))) + '\n');
    List<String> suggestions = e instanceof UnmatchedArgumentException unmatched
        ? unmatched.getSuggestions()
        : List.of();
    if (!suggestions.isEmpty())
      err.print("hint: did you mean " + String.join(" or ", suggestions) + "?\n");
    if (!command.getSubcommands().isEmpty() && suggestions.isEmpty())
      command.usage(err);
    else
      err.print("Usage and options: " + command.getCommandSpec().qualifiedName() + " --help\n");
    return ExitCode.USAGE;
  }

  private static int failed(Session session, Exception e) {
    if (!(e instanceof Failure failure)) {
      error(session, "this should not have happened: " + e);
      if (session.verbose())
        e.printStackTrace(session.environment().err());
      else
        session.console().error("hint: --verbose shows where; please report it");
      return ExitCode.PARTIAL;
    }
    error(session, failure.text());
    if (!failure.hint().isEmpty())
      session.console().error("hint: " + Text.safe(failure.hint()));
    if (session.verbose())
      for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause())
        session.console().error("cause: " + Text.safe(Redacted.text(cause.toString())));
    return failure.exitCode();
  }

  private static void error(Session session, String message) {
    session.console().clearProgress();
    String safe = String.join("\n", Redacted.text(message).lines().map(Text::safeLine).toList());
    session.console().error(session.console().red("error:") + " " + safe);
  }
}
