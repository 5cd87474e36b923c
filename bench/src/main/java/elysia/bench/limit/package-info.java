/// The cost of the work without this program: the model, the index, the service alone.
@NullMarked
package elysia.bench.limit;

import org.jspecify.annotations.NullMarked;
