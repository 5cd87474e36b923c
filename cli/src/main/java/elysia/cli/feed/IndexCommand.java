package elysia.cli.feed;

import elysia.cli.feed.upload.UploadSettings.OnError;
import elysia.cli.output.Choice;
import elysia.cli.session.Session;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `elysiactl index`: changes that others name.
@Command(name = "index", description = "Bring changes that other programs name into a collection")
public final class IndexCommand {
  /// The group with all its commands.
  public static CommandLine create(Session session) {
    return new CommandLine(new IndexCommand()).addSubcommand(new SyncCommand(session))
        .addSubcommand(new ProcessCommand(session)).addSubcommand(new ValidateCommand(session))
        .addSubcommand(new WatchCommand(session))
        .registerConverter(OnError.class, new Choice<>(OnError.class));
  }
}
