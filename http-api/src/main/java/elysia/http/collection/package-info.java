/// Collections over HTTP.
@NullMarked
package elysia.http.collection;

import org.jspecify.annotations.NullMarked;
