/// What every rendering of a glob does.
@NullMarked
package elysia.testkit.glob;

import org.jspecify.annotations.NullMarked;
