/// Events over WebSockets.
@NullMarked
package elysia.http.live;

import org.jspecify.annotations.NullMarked;
