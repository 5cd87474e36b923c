/// Access control: hosts, origins, tokens, rates.
@NullMarked
package elysia.http.guard;

import org.jspecify.annotations.NullMarked;
