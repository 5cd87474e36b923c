/// What a worker does with a batch: chunk, look up, embed, write, remove leftovers. Plain Java,
/// no actors.
@NullMarked
package elysia.worker.pipeline;

import org.jspecify.annotations.NullMarked;
