/// Stores without the cost of a model.
@NullMarked
package elysia.bench.store;

import org.jspecify.annotations.NullMarked;
