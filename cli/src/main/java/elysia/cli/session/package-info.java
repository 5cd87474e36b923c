/// What one run of the command line has around it, and how it ends.
@NullMarked
package elysia.cli.session;

import org.jspecify.annotations.NullMarked;
