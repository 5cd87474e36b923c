/// Benchmarks of the distribution, each beside its physical limit in the same run.
@NullMarked
package elysia.bench;

import org.jspecify.annotations.NullMarked;
