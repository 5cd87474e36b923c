/// The vector store in Weaviate, over REST and GraphQL.
@NullMarked
package elysia.worker.weaviate;

import org.jspecify.annotations.NullMarked;
