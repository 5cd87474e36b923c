/// Commands on collections.
@NullMarked
package elysia.cli.collection;

import org.jspecify.annotations.NullMarked;
