/// Nodes, repositories and programs that benchmarks drive.
@NullMarked
package elysia.bench.harness;

import org.jspecify.annotations.NullMarked;
