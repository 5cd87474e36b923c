/// The plan of a sync between two commits, cut into batches. Plain Java, no actors.
@NullMarked
package elysia.coordinator.sync;

import org.jspecify.annotations.NullMarked;
