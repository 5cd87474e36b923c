/// The contract of every rendering of a glob.
@NullMarked
package elysia.testkit.glob;

import org.jspecify.annotations.NullMarked;
