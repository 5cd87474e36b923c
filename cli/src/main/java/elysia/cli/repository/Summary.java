package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Details;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.repository.Estimate;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.repository.RepositoryStatus.LastError;
import elysia.core.repository.RepositoryStatus.LastSync;
import elysia.core.repository.SyncCounts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The summary of a sync, before and after it.
final class Summary {
  private static final int LISTED_FAILURES = 20;

  private Summary() {}

  static Details discovery(Discovery found) {
    return new Details()
        .add("found", Text.count(found.files(), "file") + " in "
            + Text.count(found.folders(), "folder") + ", " + Text.bytes(found.bytes()))
        .add("languages", Text.breakdown(found.languages()))
        .add("project", found.projectType())
        .add("left out", Text.breakdown(found.skipped()))
        .add("to embed", "about " + Text.count(found.estimatedChunks(), "chunk") + ", "
            + Text.seconds(found.estimatedSeconds()));
  }

  static Details estimate(Estimate estimate) {
    return new Details().add("name", estimate.name()).add("collection", estimate.collection())
        .add("commit", Text.shortCommit(estimate.commit()))
        .add("found", Text.count(estimate.discovery().files(), "file") + " in "
            + Text.count(estimate.discovery().folders(), "folder") + ", "
            + Text.bytes(estimate.discovery().bytes()))
        .add("languages", Text.breakdown(estimate.discovery().languages()))
        .add("project", estimate.discovery().projectType())
        .add("indexable", Text.count(estimate.files(), "file"))
        .add("left out", Text.breakdown(estimate.skipped()))
        .add("chunks", Text.number(estimate.chunks()))
        .add("to embed", Text.count(estimate.chunksToEmbed(), "chunk") + ", "
            + Text.count(estimate.tokensToEmbed(), "token"))
        .add("time", "about " + Text.seconds(Math.round(estimate.estimatedSeconds())))
        .add("cost", estimate.costUsd().map(usd -> String.format(Locale.ROOT, "about $%.2f", usd)));
  }

  static Details counts(SyncCounts counts) {
    return new Details()
        .add("files", Text.number(counts.filesIndexed()) + " indexed, "
            + Text.number(counts.filesRemoved()) + " removed"
            + (counts.filesFailed() > 0
                ? ", " + Text.number(counts.filesFailed()) + " failed"
                : ""))
        .add("chunks", Text.number(counts.chunksWritten()) + " written, "
            + Text.number(counts.chunksUnchanged()) + " unchanged, "
            + Text.number(counts.chunksRemoved()) + " removed")
        .add("vectors", Text.number(counts.chunksEmbedded()) + " embedded, "
            + Text.number(counts.chunksReused()) + " reused")
        .add("skipped", Text.breakdown(counts.filesSkipped()));
  }

  static String stages(Map<String, Long> millis) {
    return millis.entrySet().stream().sorted(Map.Entry.comparingByKey())
        .map(stage -> Text.safe(stage.getKey()) + " "
            + Text.duration(Duration.ofMillis(stage.getValue())))
        .collect(Collectors.joining(", "));
  }

  static Duration took(LastSync sync) {
    return Duration.between(sync.startedAt(), sync.endedAt());
  }

  /// Tells how a sync ended.
  ///
  /// @return the exit code
  static int tell(Session session, SyncWatch.Ended ended) {
    RepositoryStatus status = ended.status();
    Console console = session.console();
    boolean troubled = ended.end() == SyncEnd.FAILED;
    session.output().one(status, () -> {
      switch (ended.end()) {
        case COMPLETED -> completed(session, status);
        case UP_TO_DATE -> console.data(Text.safe(status.name()) + " is up to date"
            + status.syncedCommit().map(c -> " at " + Text.shortCommit(c)).orElse(""));
        case PAUSED -> console.note(Text.safe(status.name())
            + " is paused; go on: elysiactl repo resume " + Text.safe(status.name()));
        case FAILED, RUNNING -> {
        }
      }
    });
    int listed = status.failures() > 0 && !troubled ? failures(session, status) : 0;
    if (troubled)
      return trouble(session, status);
    return listed > 0 ? ExitCode.PARTIAL : ExitCode.OK;
  }

  private static void completed(Session session, RepositoryStatus status) {
    Console console = session.console();
    status.lastResult().ifPresent(sync -> {
      String at = sync.to().isEmpty()
          ? ", which has no commit yet,"
          : " at " + Text.shortCommit(sync.to());
      console.data(console.green("Synced " + Text.safe(status.name())) + at + " into "
          + Text.safe(status.collection()) + " in "
          + Text.duration(took(sync)));
      Details details = counts(sync.counts());
      if (session.verbose())
        details.add("stages", stages(sync.counts().stageMillis())).add("pulled by", sync.via());
      details.lines(2).forEach(console::data);
    });
    for (String note : status.notes())
      console.note("note: " + Text.safe(note));
    status.nextSync().ifPresent(
        next -> console.note("Next sync " + Text.relative(next, session.now())));
  }

  private static int failures(Session session, RepositoryStatus status) {
    Console console = session.console();
    List<FileFailure> failures = session.api().failures(status.name());
    console.error(console.red(Text.count(status.failures(), "file") + " failed")
        + "; the next sync tries again:");
    failures.stream().limit(session.verbose() ? Long.MAX_VALUE : LISTED_FAILURES)
        .forEach(failure -> console.error("  " + Text.safe(failure.path().value()) + "  "
            + Text.safe(failure.reason()) + ": " + Text.safe(failure.message())));
    if (!session.verbose() && failures.size() > LISTED_FAILURES)
      console.error("  … and " + Text.number(failures.size() - LISTED_FAILURES)
          + " more (--verbose lists all)");
    return Math.max(1, failures.size());
  }

  static int trouble(Session session, RepositoryStatus status) {
    Console console = session.console();
    String name = Text.safe(status.name());
    console.error(console.red("error:") + " the sync of " + name + " failed"
        + status.trouble().map(t -> ": " + Text.safe(t.message()))
            .orElse(status.detail().isEmpty() ? "" : ": " + Text.safe(status.detail())));
    status.trouble().map(LastError::hint).filter(hint -> !hint.isEmpty())
        .ifPresent(hint -> console.error("hint: " + Text.safe(hint)));
    console.error(status.trouble().flatMap(LastError::nextTry)
        .map(next -> "The node tries again " + Text.relative(next, session.now())
            + "; at once: elysiactl repo retry " + name)
        .orElse("Try again: elysiactl repo retry " + name));
    return status.trouble().map(trouble -> exitCode(trouble.code())).orElse(ExitCode.PARTIAL);
  }

  private static int exitCode(String code) {
    if (code.contains("auth") || code.contains("permission") || code.contains("forbidden"))
      return ExitCode.REFUSED;
    return code.startsWith("store_") || code.contains("unreachable")
        ? ExitCode.UNREACHABLE
        : ExitCode.PARTIAL;
  }
}
