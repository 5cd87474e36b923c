package elysia.coordinator.sync;

import elysia.core.batch.FileTask;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A piece of the plan, ready to be delivered.
///
/// @param through place of its last change; empty for orphans, which are found again after a restart
/// @param files changes that it covers, skipped ones included
/// @param bytes of content planned for them
/// @param skipped files left out by reason label
public record PlannedBatch(Optional<Checkpoint> through, List<FileTask> tasks, long files,
    long bytes,
    Map<String, Long> skipped) {
  public PlannedBatch {
    tasks = List.copyOf(tasks);
    skipped = Map.copyOf(skipped);
  }
}
