/// One node and much to index.
@NullMarked
package elysia.bench.scale;

import org.jspecify.annotations.NullMarked;
