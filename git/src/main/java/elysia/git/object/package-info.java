/// Objects of a repository, read through a running Git.
@NullMarked
package elysia.git.object;

import org.jspecify.annotations.NullMarked;
