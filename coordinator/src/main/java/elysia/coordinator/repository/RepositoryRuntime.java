package elysia.coordinator.repository;

import com.typesafe.config.Config;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.sync.BatchLimits;
import elysia.core.chunk.Chunker;
import elysia.core.outcome.Backoff;
import elysia.core.source.Source;
import elysia.core.store.VectorStore;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/// The things that repositories of a node share.
///
/// @param blocking runs what blocks (subprocesses, the store): virtual threads
/// @param clock the wall clock, for what is written down and for schedules
/// @param monotonic one that nobody sets, for waits; the dispatcher's, too
/// @param node address of this node, for the status
public record RepositoryRuntime(Source source, VectorStore store, Chunker chunker,
    ActorRef<Dispatcher.Command> dispatcher, ActorRef<Slots.Command> slots,
    RepositoryListener listener,
    Settings settings, Duration fence, InstantSource clock, InstantSource monotonic, ZoneId zone,
    RandomGenerator random,
    Executor blocking, String node) {

  /// @param batch how large batches are
  /// @param window batches of one repository out at once
  /// @param pulls at once on a node
  /// @param syncs at once on a node
  /// @param retry between failed pulls and syncs
  /// @param redelivery between deliveries of a batch that a store or an embedder could not take, and
  ///          between a verify's questions to a busy store
  /// @param verifyTimeout how long a verify waits for a busy store before it gives up
  /// @param restartSpread over which overdue repositories are spread after a restart
  /// @param expectedChunksPerSecond for estimates before anything was measured
  /// @param snapshotEvery events
  public record Settings(BatchLimits batch, int window, int pulls, int syncs, Backoff retry,
      Backoff redelivery, Duration verifyTimeout, Duration restartSpread,
      double expectedChunksPerSecond,
      int snapshotEvery) {
    public Settings {
      if (window < 1 || window > SyncDelivery.RESUMED_BATCHES)
        throw new IllegalArgumentException("window: " + window + " (expected: 1 to "
            + SyncDelivery.RESUMED_BATCHES
            + ", as many as are sent as redelivered after a restart)");
      if (pulls < 1 || syncs < 1)
        throw new IllegalArgumentException(
            "pulls, syncs: " + pulls + ", " + syncs + " (expected: >= 1)");
    }

    public static Settings from(Config c) {
      return new Settings(BatchLimits.from(c.getConfig("batch")), c.getInt("window"),
          c.getInt("pulls"), c.getInt("syncs"), Backoff.from(c.getConfig("retry")),
          Backoff.from(c.getConfig("redelivery")), c.getDuration("verify-timeout"),
          c.getDuration("restart-spread"),
          c.getDouble("expected-chunks-per-second"), c.getInt("snapshot-every"));
    }
  }
}
