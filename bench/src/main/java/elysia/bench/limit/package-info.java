/// What the work costs without this program: the model, the index, the service alone.
@NullMarked
package elysia.bench.limit;

import org.jspecify.annotations.NullMarked;
