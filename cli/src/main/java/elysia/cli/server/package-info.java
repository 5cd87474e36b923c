/// Commands on the node of a home folder.
@NullMarked
package elysia.cli.server;

import org.jspecify.annotations.NullMarked;
