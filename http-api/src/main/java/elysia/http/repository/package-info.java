/// Managed repositories over HTTP.
@NullMarked
package elysia.http.repository;

import org.jspecify.annotations.NullMarked;
