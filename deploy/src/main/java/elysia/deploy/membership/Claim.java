package elysia.deploy.membership;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// The right to form a cluster on a journal: one has it at a time, and keeps it by renewing. What
/// protects the journal from two clusters is the journal's database, not what nodes see of each
/// other. Blocks its thread.
public interface Claim {
  /// The cluster that has the right.
  ///
  /// @param holder address of its leader when it was last renewed
  /// @param age since then
  record Held(String holder, Duration age) {}

  /// Takes the right unless another cluster has it.
  ///
  /// @return empty when it was taken
  Optional<Held> take(String self) throws SQLException;

  /// By the leader of a cluster.
  void renew(String self) throws SQLException;

  /// By the last member that leaves.
  void release() throws SQLException;

  /// For a journal that no other process can open.
  static Claim alone() {
    return new Claim() {
      @Override
      public Optional<Held> take(String self) {
        return Optional.empty();
      }

      @Override
      public void renew(String self) {}

      @Override
      public void release() {}
    };
  }
}
