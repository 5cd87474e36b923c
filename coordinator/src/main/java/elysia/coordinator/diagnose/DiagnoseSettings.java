package elysia.coordinator.diagnose;

import com.typesafe.config.Config;
import java.time.Duration;

/// Settings of `repo diagnose`.
///
/// @param patience how long one thing may take to answer
/// @param diskLow free bytes below which a folder's disk is worth a warning
/// @param diskFull free bytes below which writing is about to fail
public record DiagnoseSettings(Duration patience, long diskLow, long diskFull) {
  public DiagnoseSettings {
    if (!patience.isPositive())
      throw new IllegalArgumentException("patience: " + patience + " (expected: > 0)");
    if (diskFull < 0 || diskLow < diskFull)
      throw new IllegalArgumentException("disk-full, disk-low: " + diskFull + ", " + diskLow
          + " (expected: 0 <= disk-full <= disk-low)");
  }

  /// Reads `elysia.coordinator.diagnose`.
  public static DiagnoseSettings from(Config root) {
    Config c = root.getConfig("elysia.coordinator.diagnose");
    return new DiagnoseSettings(c.getDuration("patience"), c.getBytes("disk-low"),
        c.getBytes("disk-full"));
  }
}
