/// The repository: a sharded, event-sourced actor that keeps one repository's part of the index
/// in step.
@NullMarked
package elysia.coordinator.repository;

import org.jspecify.annotations.NullMarked;
