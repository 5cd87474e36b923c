/// The search command.
@NullMarked
package elysia.cli.search;

import org.jspecify.annotations.NullMarked;
