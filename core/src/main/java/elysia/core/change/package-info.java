/// The change contract: one line per changed file, from any producer (`docs/change-format.md`).
@NullMarked
package elysia.core.change;

import org.jspecify.annotations.NullMarked;
