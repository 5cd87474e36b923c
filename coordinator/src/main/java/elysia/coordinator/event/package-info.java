/// Events as they happen, sent to every node.
@NullMarked
package elysia.coordinator.event;

import org.jspecify.annotations.NullMarked;
