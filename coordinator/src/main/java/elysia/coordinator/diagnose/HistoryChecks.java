package elysia.coordinator.diagnose;

import static elysia.core.diagnose.Check.Area.HISTORY;

import elysia.core.diagnose.Check;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Checks of a repository's own recent errors. Pure.
final class HistoryChecks {
  private HistoryChecks() {}

  static List<Check> of(RepositoryStatus status, List<FileFailure> failures, List<LogEntry> log) {
    List<Check> checks = new ArrayList<>();
    checks.add(state(status));
    status.trouble().ifPresent(trouble -> checks.add(trouble(status, trouble)));
    status.progress().flatMap(RepositoryStatus.Progress::waiting)
        .ifPresent(why -> checks.add(Check.warning(HISTORY, "waiting", "The sync waits: " + why
            + ".", "It takes longer; nothing is lost.", "Nothing: it goes on by itself.")));
    if (!failures.isEmpty())
      checks.add(files(status.name(), failures));
    recent(status, log, checks);
    return checks;
  }

  private static Check state(RepositoryStatus status) {
    if (status.paused())
      return Check.warning(HISTORY, "state", "The repository is paused.",
          "Nothing is pulled or indexed.", "Let it go on when you wish.",
          "elysiactl repo resume " + status.name());
    String next = status.nextSync().map(at -> " Next sync: " + time(at) + ".")
        .orElse(status.schedule().isEmpty() && status.trouble().isEmpty()
            ? " It has no schedule: it is synced when you ask."
            : "");
    return Check.ok(HISTORY, "state", "State: " + status.state() + ". "
        + status.lastSync().map(at -> "Last sync: " + time(at) + ".").orElse("Never synced yet.")
        + next);
  }

  private static Check trouble(RepositoryStatus status, RepositoryStatus.LastError trouble) {
    String next = trouble.nextTry().map(at -> " The next try is at " + time(at) + ".").orElse("");
    return Check.failed(HISTORY, "trouble", ended(trouble.message()) + " Tried "
        + trouble.attempt() + " time(s) since " + time(trouble.since()) + "." + next,
        status.syncedCommit()
            .map(commit -> "The index stays at commit " + shortened(commit) + " until it works.")
            .orElse("Nothing is in the index until it works."),
        trouble.hint().isEmpty()
            ? "Fix what the other checks name, then try at once."
            : ended(trouble.hint()),
        "elysiactl repo retry " + status.name());
  }

  private static Check files(String name, List<FileFailure> failures) {
    Map<String, List<FileFailure>> byReason = failures.stream()
        .collect(Collectors.groupingBy(FileFailure::reason, TreeMap::new, Collectors.toList()));
    String told = byReason.entrySet().stream().map(entry -> entry.getValue().size() + " × "
        + entry.getKey() + " (such as " + entry.getValue().getFirst().path() + ": "
        + entry.getValue().getFirst().message().replaceFirst("\\.$", "") + ")")
        .collect(Collectors.joining("; "));
    return Check.warning(HISTORY, "files", failures.size() + " file(s) could not be indexed: "
        + told + ".", "All others are; these are tried again by every sync.",
        "See all of them, or try them at once.", "elysiactl repo status " + name + " --verbose",
        "elysiactl repo retry " + name);
  }

  private static void recent(RepositoryStatus status, List<LogEntry> log, List<Check> checks) {
    List<LogEntry> failed = log.stream().filter(entry -> entry.type().endsWith("_failed"))
        .toList();
    if (failed.isEmpty()) {
      checks.add(Check.ok(HISTORY, "recent_errors", "No failures among its last events."));
      return;
    }
    LogEntry last = failed.getLast();
    String message = failed.size() + " failure(s) among its last " + log.size()
        + " events, the last at " + time(last.at());
    checks.add(status.trouble().isPresent()
        ? Check.warning(HISTORY, "recent_errors", message + ".", "", "See all of its events.",
            "elysiactl repo logs " + status.name() + " --tail 100")
        : Check.ok(HISTORY, "recent_errors",
            message + ": " + ended(last.message()) + " It works now."));
  }

  private static String ended(String sentence) {
    return sentence.isEmpty() || sentence.endsWith(".") ? sentence : sentence + ".";
  }

  private static String shortened(String commit) {
    return commit.substring(0, Math.min(8, commit.length()));
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
