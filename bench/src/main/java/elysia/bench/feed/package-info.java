/// Changes that producers name.
@NullMarked
package elysia.bench.feed;

import org.jspecify.annotations.NullMarked;
