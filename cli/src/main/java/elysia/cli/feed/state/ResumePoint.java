package elysia.cli.feed.state;

import elysia.core.change.LinePosition;

/// Where a run begins.
///
/// @param after the last line that is done
/// @param sent how many lines after it may have been sent
/// @param batchSize in which these were cut
/// @param failed lines up to there that failed
public record ResumePoint(LinePosition after, long sent, int batchSize, long failed) {
  public static ResumePoint fresh(int batchSize) {
    return new ResumePoint(new LinePosition(0, 0, 0), 0, batchSize, 0);
  }

  /// Whether a batch may have been sent before.
  public boolean again(long first) {
    return first <= after.line() + sent;
  }
}
