package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Text;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Shows the progress of a sync: a line that rewrites itself on a terminal, now and then a plain
/// line elsewhere.
final class ProgressLine {
  private static final int BAR = 24;
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);

  private final Console console;
  private String lastPhase = "";
  private Instant lastPlain = Instant.MIN;

  ProgressLine(Console console) {
    this.console = console;
  }

  void show(RepositoryStatus status, Instant now) {
    if (console.terminal()) {
      console.progress(status.progress().map(ProgressLine::bar)
          .orElseGet(() -> Text.safe(status.state() + ": " + status.detail())));
      return;
    }
    String phase = status.state()
        + status.progress().map(p -> p.phase() + p.waiting().isPresent()).orElse("");
    if (phase.equals(lastPhase) && now.isBefore(lastPlain.plus(PLAIN_EVERY)))
      return;
    lastPhase = phase;
    lastPlain = now;
    console.note(Text.safe(status.name()) + ": " + status.progress().map(ProgressLine::plain)
        .orElseGet(
            () -> Text.safe(status.detail().isEmpty() ? status.state().label() : status.detail())));
  }

  private static String bar(Progress progress) {
    double share = share(progress);
    int full = (int) (share * BAR);
    return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] "
        + String.format(Locale.ROOT, "%3d%%  ", (int) (share * 100)) + figures(progress, "/");
  }

  private static String plain(Progress progress) {
    return Text.safe(progress.phase()) + " " + figures(progress, " of ");
  }

  private static String figures(Progress progress, String of) {
    StringBuilder line = new StringBuilder(Text.number(progress.filesDone())).append(of)
        .append(Text.count(progress.filesTotal(), "file"));
    if (progress.chunksPerSecond() > 0)
      line.append(String.format(Locale.ROOT, "  %.1f chunks/s", progress.chunksPerSecond()));
    progress.etaSeconds().ifPresent(eta -> line.append("  ETA ").append(Text.seconds(eta)));
    progress.waiting().ifPresent(why -> line
        .append(why.startsWith("waiting") ? "  " : "  waiting: ").append(Text.safe(why)));
    return line.toString();
  }

  /// By bytes where they are known: a large file is no quicker than many small ones.
  private static double share(Progress progress) {
    double share = progress.bytesTotal() > 0
        ? (double) progress.bytesDone() / progress.bytesTotal()
        : progress.filesTotal() > 0 ? (double) progress.filesDone() / progress.filesTotal() : 0;
    return Math.clamp(share, 0, 1);
  }
}
