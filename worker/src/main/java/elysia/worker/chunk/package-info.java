/// Files cut into chunks by the structure that any text shows: blank lines, indentation, headings.
@NullMarked
package elysia.worker.chunk;

import org.jspecify.annotations.NullMarked;
