/// One budget for an external service in the whole cluster.
@NullMarked
package elysia.coordinator.rate;

import org.jspecify.annotations.NullMarked;
