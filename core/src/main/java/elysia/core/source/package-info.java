/// Where content comes from: repositories at a commit, and what changed between two.
@NullMarked
package elysia.core.source;

import org.jspecify.annotations.NullMarked;
