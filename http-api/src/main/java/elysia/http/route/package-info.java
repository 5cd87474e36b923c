/// Endpoints, how a request finds its own, and how outcomes and errors become answers.
@NullMarked
package elysia.http.route;

import org.jspecify.annotations.NullMarked;
