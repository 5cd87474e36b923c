/// Commands that bring changes named by others into a collection.
@NullMarked
package elysia.cli.feed;

import org.jspecify.annotations.NullMarked;
