/// The change contract over HTTP.
@NullMarked
package elysia.http.feed;

import org.jspecify.annotations.NullMarked;
