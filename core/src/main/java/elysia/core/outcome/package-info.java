/// Expected results of calls into the outside world, and how to wait between tries.
@NullMarked
package elysia.core.outcome;

import org.jspecify.annotations.NullMarked;
