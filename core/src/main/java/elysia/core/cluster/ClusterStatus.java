package elysia.core.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The cluster as one of its nodes sees it.
///
/// @param leader address
/// @param store how the vector store fares, one line
/// @param journal how the journal fares, one line
/// @param warnings what an operator should know, such as two nodes that do not survive each other
public record ClusterStatus(String version, Instant at, String self, Optional<String> leader,
    List<Member> members, List<String> unreachable, String store,
    boolean storeOk, String journal, boolean journalOk, String embedder, List<String> warnings) {
  /// A node.
  ///
  /// @param status `up`, `joining`, `leaving`, …
  /// @param repositories that live on it
  /// @param queuedBatches waiting on this node for a worker
  /// @param runningBatches being worked on by its pool
  /// @param chunksPerSecond of its pool, over the last minute
  public record Member(String address, Set<String> roles, String status, boolean unreachable,
      String version, Optional<Integer> shards, Optional<Integer> repositories,
      Optional<Integer> queuedBatches, Optional<Integer> runningBatches,
      Optional<Double> chunksPerSecond) {}
}
