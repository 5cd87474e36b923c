/// Collections, looked at and deleted.
@NullMarked
package elysia.coordinator.collection;

import org.jspecify.annotations.NullMarked;
