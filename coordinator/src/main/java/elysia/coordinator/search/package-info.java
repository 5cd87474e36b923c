/// Finds chunks over collections.
@NullMarked
package elysia.coordinator.search;

import org.jspecify.annotations.NullMarked;
