/// The one JSON dialect of the API and the command line.
@NullMarked
package elysia.core.json;

import org.jspecify.annotations.NullMarked;
