package elysia.cli.feed;

import elysia.cli.feed.inbox.Inbox;
import elysia.cli.feed.inbox.InboxWatch;
import elysia.cli.feed.input.Inputs;
import elysia.cli.feed.upload.UploadSettings;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl index watch`.
@Command(name = "watch", description = "Bring every file that is put into a folder into a collection, until it is interrupted", footer = {
    "", "For example:  elysiactl index watch inbox --pattern \"*.jsonl\" --collection source-code"})
final class WatchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "the folder; files go on to DIR/archive or DIR/failed")
  String directory = "";

  @Option(names = "--pattern", paramLabel = "GLOB", description = "which names are taken (default *.jsonl)")
  String pattern = "*.jsonl";

  @Option(names = "--quiet-for", paramLabel = "SECONDS", description = "a file is complete when nobody has written to it for so long (default 2)")
  double quietFor = 2;

  @Option(names = "--once", description = "end when no complete file is left")
  boolean once;

  @Mixin
  FeedOptions options = new FeedOptions();

  private final Session session;

  WatchCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (options.forOneRunOnly())
      throw Failure.usage("watch has no --dry-run, --state-dir and --from-line",
          "try a single file with: elysiactl index sync --dry-run --input FILE");
    UploadSettings settings = options.settings(session, FeedOptions.Mode.USUAL);
    if (!(quietFor >= 0 && quietFor <= 86_400))
      throw Failure.usage("--quiet-for: " + quietFor + " (expected: 0 to 86400)", "");
    Path folder = Inputs.path(session, directory);
    if (!Files.isDirectory(folder))
      throw Failure.usage(directory + " is no folder", "make it first: mkdir -p " + directory);
    Inbox inbox;
    try {
      inbox = new Inbox(folder, pattern, settings.collection().value(),
          Duration.ofMillis(Math.round(quietFor * 1_000)),
          text -> session.console().error("warning: " + Text.safe(text)));
    } catch (PatternSyntaxException e) {
      throw Failure.usage("--pattern: " + e.getDescription(), "such as \"*.jsonl\"").because(e);
    }
    session.console().note("Watching " + Text.safe(folder.toString()) + " for "
        + Text.safe(pattern) + "; Ctrl-C ends it");
    try {
      return new InboxWatch(session, settings, inbox, once).run();
    } catch (IOException e) {
      throw new Failure(ExitCode.PARTIAL, directory + " cannot be worked on: "
          + Text.safe(String.valueOf(e)), "see its permissions and its disk").because(e);
    }
  }
}
