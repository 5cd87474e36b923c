/// When a repository is pulled.
@NullMarked
package elysia.coordinator.schedule;

import org.jspecify.annotations.NullMarked;
