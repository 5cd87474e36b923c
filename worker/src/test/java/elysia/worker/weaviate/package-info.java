/// Tests of the vector store in Weaviate.
@NullMarked
package elysia.worker.weaviate;

import org.jspecify.annotations.NullMarked;
