package elysia.coordinator.mgit;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Settings of mgit.
///
/// @param program path of mgit; found on the path when absent
/// @param config mgit's own configuration; the user's when absent
/// @param deadline for one call
/// @param probeDeadline for asking its version
/// @param collect how long a pull waits for others to join its call
/// @param maxClones of one call
/// @param concurrency clones that mgit pulls at a time, at least 1: with 0 it hangs
public record MgitSettings(Optional<Path> program, Optional<Path> config, Duration deadline,
    Duration probeDeadline, Duration collect, int maxClones, int concurrency) {
  public MgitSettings {
    if (!deadline.isPositive() || !probeDeadline.isPositive() || collect.isNegative())
      throw new IllegalArgumentException("deadline: " + deadline + ", probe-deadline: "
          + probeDeadline + ", collect: " + collect + " (expected: > 0)");
    if (maxClones < 1)
      throw new IllegalArgumentException("max-clones: " + maxClones + " (expected: >= 1)");
    if (concurrency < 1)
      throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: >= 1)");
  }

  /// Reads `elysia.coordinator.mgit`.
  public static MgitSettings from(Config root) {
    Config c = root.getConfig("elysia.coordinator.mgit");
    return new MgitSettings(path(c, "program"), path(c, "config"), c.getDuration("deadline"),
        c.getDuration("probe-deadline"), c.getDuration("collect"), c.getInt("max-clones"),
        c.getInt("concurrency"));
  }

  private static Optional<Path> path(Config c, String key) {
    return Optional.of(c.getString(key)).filter(text -> !text.isBlank()).map(Path::of);
  }
}
