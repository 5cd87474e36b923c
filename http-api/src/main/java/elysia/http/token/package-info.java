/// Tokens over HTTP.
@NullMarked
package elysia.http.token;

import org.jspecify.annotations.NullMarked;
