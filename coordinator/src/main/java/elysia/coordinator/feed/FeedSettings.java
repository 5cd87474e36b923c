package elysia.coordinator.feed;

import com.typesafe.config.Config;
import elysia.core.outcome.Backoff;
import java.time.Duration;

/// Settings of the change feed.
///
/// @param files changes in a batch
/// @param bytes content in a batch
/// @param window batches of one queue at the workers at once
/// @param queueBytes that wait in one queue
/// @param maxFileSize bytes; a larger file is not indexed
/// @param deliveryTimeout how long a batch is tried before its producer is told to send it again
/// @param accept the longest wait until a queue has changes, and then for their sender to begin them
/// @param answer the longest wait for a queue's answer
/// @param idle after which a queue without work ends
/// @param retry between deliveries of a batch that a store or an embedder could not take
/// @param retention uptime for which uploads are remembered
public record FeedSettings(int files, long bytes, int window, long queueBytes, long maxFileSize,
    Duration deliveryTimeout, Duration accept, Duration answer, Duration idle, Backoff retry,
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
    if (answer.compareTo(deliveryTimeout) <= 0)
      throw new IllegalArgumentException(
          "answer: " + answer + " (expected: longer than delivery-timeout)");
  }

  /// Reads `elysia.coordinator.feed`.
  public static FeedSettings from(Config root) {
    Config c = root.getConfig("elysia.coordinator.feed");
    return new FeedSettings(c.getInt("batch.files"), c.getBytes("batch.bytes"), c.getInt("window"),
        c.getBytes("queue"), c.getBytes("max-file-size"), c.getDuration("delivery-timeout"),
        c.getDuration("accept"),
        c.getDuration("answer"), c.getDuration("idle"), Backoff.from(c.getConfig("retry")),
        c.getDuration("retention"));
  }
}
