/// Compares the index with a tree. Shares no code with the write path beyond the chunker.
@NullMarked
package elysia.coordinator.verify;

import org.jspecify.annotations.NullMarked;
