/// The contract of sources.
@NullMarked
package elysia.testkit.source;

import org.jspecify.annotations.NullMarked;
