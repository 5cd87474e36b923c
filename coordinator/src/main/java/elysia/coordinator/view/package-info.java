/// The read side: one row a repository and its history, kept by projection of the events.
@NullMarked
package elysia.coordinator.view;

import org.jspecify.annotations.NullMarked;
