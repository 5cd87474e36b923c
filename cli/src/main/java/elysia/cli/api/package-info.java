/// Speaking with a node over HTTP.
@NullMarked
package elysia.cli.api;

import org.jspecify.annotations.NullMarked;
