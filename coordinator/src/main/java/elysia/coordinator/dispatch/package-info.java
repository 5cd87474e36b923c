/// Hands batches to the worker pools of all nodes, on counted credit, and keeps their leases.
@NullMarked
package elysia.coordinator.dispatch;

import org.jspecify.annotations.NullMarked;
