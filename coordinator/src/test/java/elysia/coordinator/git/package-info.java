@NullMarked
package elysia.coordinator.git;

import org.jspecify.annotations.NullMarked;
