package elysia.coordinator.sync;

import com.typesafe.config.Config;

/// The largest size of a batch. A single file larger than `bytes` is a batch of its own.
///
/// @param files changes in a batch
/// @param bytes of content in a batch
public record BatchLimits(int files, long bytes) {
  public BatchLimits {
    if (files < 1)
      throw new IllegalArgumentException("batch.files: " + files + " (expected: >= 1)");
    if (bytes < 1)
      throw new IllegalArgumentException("batch.bytes: " + bytes + " (expected: >= 1)");
  }

  public static BatchLimits from(Config c) {
    return new BatchLimits(c.getInt("files"), c.getBytes("bytes"));
  }
}
