/// Embeddings by a service that speaks OpenAI's `/v1/embeddings`.
@NullMarked
package elysia.worker.openai;

import org.jspecify.annotations.NullMarked;
