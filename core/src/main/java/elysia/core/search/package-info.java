/// Finding chunks.
@NullMarked
package elysia.core.search;

import org.jspecify.annotations.NullMarked;
