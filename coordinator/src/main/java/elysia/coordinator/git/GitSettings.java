package elysia.coordinator.git;

import com.typesafe.config.Config;
import java.time.Duration;

/// Settings of Git.
///
/// @param program name on the path, or path, of git
/// @param lookDeadline for one `git ls-remote`
/// @param cloneDeadline for the first fetch of a repository
/// @param fetchDeadline for every later one
/// @param localDeadline for a command, or one exchange with a running one, that reads objects on
///          this machine
/// @param renameLimit files on each side up to which changed files are searched for renames (`git
///          diff -l`)
/// @param parallel repositories pulled at a time when several are asked for at once
public record GitSettings(String program, Duration lookDeadline, Duration cloneDeadline,
    Duration fetchDeadline, Duration localDeadline, int renameLimit, int parallel) {
  public GitSettings {
    if (renameLimit < 1)
      throw new IllegalArgumentException("rename-limit: " + renameLimit + " (expected: >= 1)");
    if (parallel < 1)
      throw new IllegalArgumentException("parallel: " + parallel + " (expected: >= 1)");
    for (Duration deadline : new Duration[]{lookDeadline, cloneDeadline, fetchDeadline,
        localDeadline}) {
      if (!deadline.isPositive())
        throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
    }
  }

  /// Reads `elysia.coordinator.git`.
  public static GitSettings from(Config root) {
    Config c = root.getConfig("elysia.coordinator.git");
    return new GitSettings(c.getString("program"), c.getDuration("look-deadline"),
        c.getDuration("clone-deadline"), c.getDuration("fetch-deadline"),
        c.getDuration("local-deadline"), c.getInt("rename-limit"), c.getInt("parallel"));
  }
}
