/// Globs over paths: parsed once, rendered for whatever matches with them.
@NullMarked
package elysia.core.glob;

import org.jspecify.annotations.NullMarked;
