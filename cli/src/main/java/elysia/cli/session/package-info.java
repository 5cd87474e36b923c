/// The surroundings of one run of the command line, and its end.
@NullMarked
package elysia.cli.session;

import org.jspecify.annotations.NullMarked;
