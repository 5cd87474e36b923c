/// The embedded vector store: HNSW and BM25 in one Apache Lucene index of this process.
@NullMarked
package elysia.worker.lucene;

import org.jspecify.annotations.NullMarked;
