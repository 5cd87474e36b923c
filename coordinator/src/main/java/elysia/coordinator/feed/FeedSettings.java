package elysia.coordinator.feed;

import com.typesafe.config.Config;
import elysia.core.outcome.Backoff;
import java.time.Duration;

/// How changes from producers are brought to the workers.
///
/// @param files
///          changes in a batch
/// @param bytes
///          content in a batch
/// @param window
///          batches of one lane at the workers at once
/// @param queueBytes
///          that wait in one lane
/// @param maxFileSize
///          bytes; a larger file is not indexed
/// @param patience
///          how long a batch is tried before its producer is told to come again
/// @param accept
///          the longest wait until a lane has changes, and then for their sender to begin them
/// @param answer
///          the longest wait for a lane's answer
/// @param idle
///          after which a lane without work ends
/// @param retry
///          between deliveries of a batch that a store or an embedder could not take
/// @param retention
///          how long uploads are remembered
public record FeedSettings(int files, long bytes, int window, long queueBytes, long maxFileSize,
    Duration patience, Duration accept, Duration answer, Duration idle, Backoff retry,
    Duration retention) {
  public FeedSettings {
    if (files < 1 || bytes < 1 || window < 1)
      throw new IllegalArgumentException("batch.files, batch.bytes, window: " + files + ", " + bytes
          + ", " + window + " (expected: >= 1)");
    if (queueBytes < maxFileSize)
      throw new IllegalArgumentException(
          "queue: " + queueBytes + " (expected: at least max-file-size)");
    if (!accept.isPositive())
      throw new IllegalArgumentException("accept: " + accept + " (expected: > 0)");
    if (answer.compareTo(patience) <= 0)
      throw new IllegalArgumentException("answer: " + answer + " (expected: longer than patience)");
  }

  /// Reads `elysia.coordinator.feed`.
  public static FeedSettings from(Config root) {
    Config c = root.getConfig("elysia.coordinator.feed");
    return new FeedSettings(c.getInt("batch.files"), c.getBytes("batch.bytes"), c.getInt("window"),
        c.getBytes("queue"), c.getBytes("max-file-size"), c.getDuration("patience"),
        c.getDuration("accept"),
        c.getDuration("answer"), c.getDuration("idle"), Backoff.from(c.getConfig("retry")),
        c.getDuration("retention"));
  }
}
