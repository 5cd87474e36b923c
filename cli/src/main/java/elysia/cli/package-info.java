/// The command line: an HTTP client in every command.
@NullMarked
package elysia.cli;

import org.jspecify.annotations.NullMarked;
