/// A repository and its changes.
@NullMarked
package elysia.bench.sync;

import org.jspecify.annotations.NullMarked;
