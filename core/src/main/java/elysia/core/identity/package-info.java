/// Names and hashes by which repositories, files and chunks are known.
@NullMarked
package elysia.core.identity;

import org.jspecify.annotations.NullMarked;
