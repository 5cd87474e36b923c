/// What happens, told live to every node.
@NullMarked
package elysia.coordinator.event;

import org.jspecify.annotations.NullMarked;
