/// Comparisons of an index with a commit that share no code with what made the index.
@NullMarked
package elysia.testkit.index;

import org.jspecify.annotations.NullMarked;
