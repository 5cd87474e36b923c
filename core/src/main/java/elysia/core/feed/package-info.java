/// The port through which producers' changes reach the index.
@NullMarked
package elysia.core.feed;

import org.jspecify.annotations.NullMarked;
