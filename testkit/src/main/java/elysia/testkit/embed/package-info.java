/// The contract of embedders, and a fake one.
@NullMarked
package elysia.testkit.embed;

import org.jspecify.annotations.NullMarked;
