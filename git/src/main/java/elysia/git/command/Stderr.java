package elysia.git.command;

import elysia.core.identity.Printable;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Git's stderr, made fit for a status.
public final class Stderr {
  private static final int LINES = 3;
  private static final Pattern TRACE = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d+ .*");
  private static final Pattern STATUS = Pattern.compile("Recv header: HTTP/[0-9.]+ (\\d{3})");
  private static final Pattern SECRET = Pattern.compile("(?<=://)[^/@\\s]+@|(?i)(?<=(authorization|"
      + "password|token|secret)[=:] ?)\\S+( \\S+)?");

  /// Git's words after every failure of SSH or at a lock; the reason comes before them.
  private static final Set<String> ADVICE = Set.of(
      "Please make sure you have the correct access rights", "and the repository exists.",
      "Another git process seems to be running in this repository, e.g.",
      "an editor opened by 'git commit'. Please make sure all processes",
      "are terminated then try again. If it still fails, a git process",
      "may have crashed in this repository earlier:",
      "remove the file manually to continue.");
  private static final String HINT = "hint:";

  private Stderr() {}

  /// Its last lines that are no trace, on one line, without credentials.
  public static String lastLines(String errors) {
    List<String> lines = errors.lines().map(String::strip)
        .filter(line -> !line.isEmpty() && !TRACE.matcher(line).matches()
            && !ADVICE.contains(line) && !line.startsWith(HINT))
        .toList();
    return Printable.of(SECRET.matcher(String.join(" / ",
        lines.subList(Math.max(0, lines.size() - LINES), lines.size()))).replaceAll("***@"));
  }

  /// The last HTTP status that the trace shows; 0 when there was no answer.
  public static int httpStatus(String errors) {
    int status = 0;
    for (Matcher matcher = STATUS.matcher(errors); matcher.find();)
      status = Integer.parseInt(matcher.group(1));
    return status;
  }
}
