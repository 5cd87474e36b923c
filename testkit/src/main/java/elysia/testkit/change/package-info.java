/// Inputs of changes for tests: large ones.
@NullMarked
package elysia.testkit.change;

import org.jspecify.annotations.NullMarked;
