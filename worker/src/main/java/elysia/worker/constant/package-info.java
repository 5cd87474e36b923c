/// An embedder without a model, whose cost is chosen: for benchmarks and tests of all that is not
/// the model.
@NullMarked
package elysia.worker.constant;

import org.jspecify.annotations.NullMarked;
