/// Producers' changes on their way to the workers: one change queue per repository and collection.
@NullMarked
package elysia.coordinator.feed;

import org.jspecify.annotations.NullMarked;
