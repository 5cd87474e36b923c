/// Whether the journal, without which no command can be taken, answers.
@NullMarked
package elysia.coordinator.journal;

import org.jspecify.annotations.NullMarked;
