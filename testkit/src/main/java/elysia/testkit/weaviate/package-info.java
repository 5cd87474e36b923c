/// A server that speaks as much of Weaviate's API as the store uses, and fails on demand.
@NullMarked
package elysia.testkit.weaviate;

import org.jspecify.annotations.NullMarked;
