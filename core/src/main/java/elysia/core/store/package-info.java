/// The vector store: what is kept, found and counted.
@NullMarked
package elysia.core.store;

import org.jspecify.annotations.NullMarked;
