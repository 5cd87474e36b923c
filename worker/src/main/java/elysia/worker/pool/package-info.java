/// The node's pool of workers, as an actor.
@NullMarked
package elysia.worker.pool;

import org.jspecify.annotations.NullMarked;
