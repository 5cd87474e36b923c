package elysia.cli.feed.upload;

import elysia.cli.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Figures for Prometheus' textfile collector: of one command, all its inputs together. The file is
/// replaced as a whole.
public final class MetricsFile {
  private final Session session;
  private final Optional<Path> file;
  private final Instant start;
  private final Map<String, Long> before = new TreeMap<>();
  private final Map<String, Long> failuresBefore = new TreeMap<>();

  public MetricsFile(Session session, Optional<Path> file) {
    this.session = session;
    this.file = file;
    this.start = session.now();
  }

  /// Counts what an input came to, for those that follow.
  public void add(Map<String, Long> totals, Map<String, Long> failures) {
    totals.forEach((name, count) -> before.merge(name, count, Long::sum));
    failures.forEach((reason, count) -> failuresBefore.merge(reason, count, Long::sum));
  }

  /// @param totals of the input that is being read
  /// @param failures by reason
  public void write(Map<String, Long> totals, Map<String, Long> failures, boolean success) {
    if (file.isEmpty())
      return;
    Map<String, Long> all = new TreeMap<>(failuresBefore);
    failures.forEach((reason, count) -> all.merge(reason, count, Long::sum));
    StringBuilder text = new StringBuilder();
    head(text, "last_run_timestamp", "gauge", "When the last run was, by how it ended.");
    text.append("elysiactl_sync_last_run_timestamp{status=\"")
        .append(success && all.values().stream().allMatch(count -> count == 0)
            ? "success"
            : "failure")
        .append("\"} ").append(session.now().getEpochSecond()).append('\n');
    head(text, "files_processed_total", "counter", "Files brought into the index.");
    for (String name : new String[]{"updated", "added", "deleted", "skipped"})
      text.append("elysiactl_sync_files_processed_total{operation=\"").append(name).append("\"} ")
          .append(before.getOrDefault(name, 0L) + totals.getOrDefault(name, 0L)).append('\n');
    head(text, "failures_total", "counter", "Lines that failed, by why.");
    all.forEach((reason, count) -> text.append("elysiactl_sync_failures_total{reason=\"")
        .append(reason.replaceAll("[^A-Za-z0-9_]", "_")).append("\"} ").append(count).append('\n'));
    head(text, "duration_seconds", "gauge", "How long the run took.");
    text.append("elysiactl_sync_duration_seconds ")
        .append(Duration.between(start, session.now()).toMillis() / 1e3).append('\n');
    replace(file.get(), text.toString());
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP elysiactl_sync_").append(name).append(' ').append(help)
        .append("\n# TYPE elysiactl_sync_").append(name).append(' ').append(type).append('\n');
  }

  private void replace(Path target, String text) {
    try {
      Path next = target.resolveSibling(target.getFileName() + ".next");
      Files.writeString(next, text);
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      session.console().error("warning: --metrics-file cannot be written: " + e);
    }
  }
}
