/// The output of answers on a terminal, in a pipe and as JSON.
@NullMarked
package elysia.cli.output;

import org.jspecify.annotations.NullMarked;
