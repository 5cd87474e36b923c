package elysia.core.cluster;

import java.util.concurrent.CompletionStage;

/// Tells how the cluster fares. Never blocks, never throws synchronously.
public interface ClusterView {
  CompletionStage<ClusterStatus> status();

  /// Whether this node can serve: joined, journal and store answering. A sentence when not.
  Readiness readiness();

  /// @param reason empty when ready
  record Readiness(boolean ready, String reason) {}
}
