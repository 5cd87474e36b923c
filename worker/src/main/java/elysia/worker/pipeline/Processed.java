package elysia.worker.pipeline;

import elysia.core.batch.BatchResult;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The outcome of a batch.
public sealed interface Processed {
  /// @param late files whose write ended after the lease had
  record Done(BatchResult result, List<FilePath> late) implements Processed {
    public Done {
      late = List.copyOf(late);
    }
  }

  /// The store or the embedder could not; nothing that was computed is lost.
  ///
  /// @param writeUnknown a write was tried with an unknown outcome
  /// @param late files whose write ended after the lease had
  record Deferred(String reason, Optional<Duration> retryAfter, boolean writeUnknown,
      List<FilePath> late) implements Processed {
    public Deferred {
      late = List.copyOf(late);
    }
  }

  record Failed(Problem problem) implements Processed {}

  /// The lease ended or was cancelled before everything was written: nobody waits for an answer.
  ///
  /// @param late files whose write ended after the lease had
  record Expired(List<FilePath> late) implements Processed {
    public Expired {
      late = List.copyOf(late);
    }
  }
}
