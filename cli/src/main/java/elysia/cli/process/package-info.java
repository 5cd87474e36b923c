/// The process around a command: its environment, its exit codes, signals.
@NullMarked
package elysia.cli.process;

import org.jspecify.annotations.NullMarked;
