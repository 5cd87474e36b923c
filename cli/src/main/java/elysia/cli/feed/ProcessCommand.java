package elysia.cli.feed;

import elysia.cli.feed.upload.FileJob;
import elysia.cli.feed.upload.RunLauncher;
import elysia.cli.feed.upload.UploadSettings;
import elysia.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `elysiactl index process-jsonl`.
@Command(name = "process-jsonl", description = "Bring a file of the change contract into a collection")
final class ProcessCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "the lines; - for standard input")
  String file = "-";

  @Mixin
  FeedOptions options = new FeedOptions();

  private final Session session;

  ProcessCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    UploadSettings settings = options.settings(session, FeedOptions.Mode.USUAL);
    FileJob job = FileJob.of(session, settings, file);
    return new RunLauncher(session, settings).run(() -> job, job.identity().isPresent(), true);
  }
}
