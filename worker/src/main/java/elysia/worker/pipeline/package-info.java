/// The pipeline of a batch: chunk, look up, embed, write, remove orphans. Plain Java, no actors.
@NullMarked
package elysia.worker.pipeline;

import org.jspecify.annotations.NullMarked;
