/// Starts and memory.
@NullMarked
package elysia.bench.start;

import org.jspecify.annotations.NullMarked;
