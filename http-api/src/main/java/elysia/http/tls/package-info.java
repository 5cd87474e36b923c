/// The server's certificate, read again when its files change.
@NullMarked
package elysia.http.tls;

import org.jspecify.annotations.NullMarked;
