/// An embedding service that fails as told.
@NullMarked
package elysia.testkit.openai;

import org.jspecify.annotations.NullMarked;
