/// Commands that bring changes named by others into a collection.
@NullMarked
package elysia.cli.index;

import org.jspecify.annotations.NullMarked;
