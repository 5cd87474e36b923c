/// Clocks that tests move.
@NullMarked
package elysia.testkit.clock;

import org.jspecify.annotations.NullMarked;
