/// The contract of vector stores, and a fake one.
@NullMarked
package elysia.testkit.store;

import org.jspecify.annotations.NullMarked;
