@NullMarked
package elysia.coordinator.mgit;

import org.jspecify.annotations.NullMarked;
