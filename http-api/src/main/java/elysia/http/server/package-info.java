/// The bound server: settings, start and graceful end.
@NullMarked
package elysia.http.server;

import org.jspecify.annotations.NullMarked;
