@NullMarked
package elysia.coordinator.feed;

import org.jspecify.annotations.NullMarked;
