/// Files cut into chunks.
@NullMarked
package elysia.core.chunk;

import org.jspecify.annotations.NullMarked;
