/// Real nodes of the built distribution and real Git repositories, for tests from end to end.
@NullMarked
package elysia.deploy.harness;

import org.jspecify.annotations.NullMarked;
