/// Vectors of chunks that left the index, kept on this node for when they come back.
@NullMarked
package elysia.worker.cache;

import org.jspecify.annotations.NullMarked;
