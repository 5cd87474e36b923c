@NullMarked
package elysia.coordinator.process;

import org.jspecify.annotations.NullMarked;
