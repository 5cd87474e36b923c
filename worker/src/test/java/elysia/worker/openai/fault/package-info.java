/// An embedding service that fails as told.
@NullMarked
package elysia.worker.openai.fault;

import org.jspecify.annotations.NullMarked;
