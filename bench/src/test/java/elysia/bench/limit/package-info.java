@NullMarked
package elysia.bench.limit;

import org.jspecify.annotations.NullMarked;
