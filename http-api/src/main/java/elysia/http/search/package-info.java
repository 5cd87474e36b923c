/// Search over HTTP.
@NullMarked
package elysia.http.search;

import org.jspecify.annotations.NullMarked;
