/// Commands on tokens.
@NullMarked
package elysia.cli.token;

import org.jspecify.annotations.NullMarked;
