/// Texts turned into vectors.
@NullMarked
package elysia.core.embed;

import org.jspecify.annotations.NullMarked;
