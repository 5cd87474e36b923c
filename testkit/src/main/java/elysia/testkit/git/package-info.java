/// Git repositories of tests, and a server for them.
@NullMarked
package elysia.testkit.git;

import org.jspecify.annotations.NullMarked;
