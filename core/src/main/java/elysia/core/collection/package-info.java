/// Collections, as the API shows them, and the port through which they are looked at and deleted.
@NullMarked
package elysia.core.collection;

import org.jspecify.annotations.NullMarked;
