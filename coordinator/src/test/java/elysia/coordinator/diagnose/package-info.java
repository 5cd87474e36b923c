@NullMarked
package elysia.coordinator.diagnose;

import org.jspecify.annotations.NullMarked;
