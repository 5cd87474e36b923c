package elysia.coordinator.feed;

import java.sql.SQLException;

/// Remembers which lanes may have writes on their way, beyond the life of their node. Blocks
/// its thread.
public interface LaneMarks {
  /// Notes that a lane works from now on.
  ///
  /// @return whether it was noted already: an earlier one was lost and may still be writing
  boolean open(String lane) throws SQLException;

  /// Notes that nothing of it can be written any more.
  void close(String lane) throws SQLException;

  /// For a store that no other process writes to: nothing survives its node.
  static LaneMarks none() {
    return new LaneMarks() {
      @Override
      public boolean open(String lane) {
        return false;
      }

      @Override
      public void close(String lane) {
        // nothing was noted
      }
    };
  }
}
