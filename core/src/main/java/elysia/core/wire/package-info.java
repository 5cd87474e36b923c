/// The marker of what may travel between nodes or into the journal.
@NullMarked
package elysia.core.wire;

import org.jspecify.annotations.NullMarked;
