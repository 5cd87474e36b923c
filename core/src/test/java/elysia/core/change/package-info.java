/// Tests of the change contract.
@NullMarked
package elysia.core.change;

import org.jspecify.annotations.NullMarked;
