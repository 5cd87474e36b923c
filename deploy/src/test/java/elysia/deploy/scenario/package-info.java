/// What a node of the built distribution does, seen from outside.
@NullMarked
package elysia.deploy.scenario;

import org.jspecify.annotations.NullMarked;
