package elysia.core.change;

import com.typesafe.config.Config;

/// Limits for reading lines of the change contract.
///
/// @param maxLine bytes that a line may have; a longer one is passed over with an error and never
///          held in memory
public record ChangeSettings(int maxLine) {
  private static final int SMALLEST = 1024;
  private static final int LARGEST = 1 << 30;

  public ChangeSettings {
    if (maxLine < SMALLEST || maxLine > LARGEST)
      throw new IllegalArgumentException("max-line: " + maxLine + " (expected: " + SMALLEST + " to "
          + LARGEST + " bytes)");
  }

  public static ChangeSettings from(Config root) {
    long maxLine = root.getBytes("elysia.core.change.max-line");
    return new ChangeSettings((int) Math.min(maxLine, Integer.MAX_VALUE));
  }
}
