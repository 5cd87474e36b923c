package elysia.coordinator.feed;

import java.sql.SQLException;

/// The change queues that may have writes on their way, remembered beyond the life of their node.
/// Blocks its thread.
public interface OpenQueues {
  /// Notes that a queue works from now on.
  ///
  /// @return whether it was noted already: an earlier one was lost and may still be writing
  boolean open(String queue) throws SQLException;

  /// Notes that nothing of it can be written any more.
  void close(String queue) throws SQLException;

  /// For a store that no other process writes to: nothing survives its node.
  static OpenQueues none() {
    return new OpenQueues() {
      @Override
      public boolean open(String queue) {
        return false;
      }

      @Override
      public void close(String queue) {
        // nothing was noted
      }
    };
  }
}
