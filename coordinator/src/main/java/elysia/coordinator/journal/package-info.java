/// The availability of the journal, without which no command can be taken.
@NullMarked
package elysia.coordinator.journal;

import org.jspecify.annotations.NullMarked;
