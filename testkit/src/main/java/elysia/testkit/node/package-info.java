/// Nodes in processes of their own, and what is done to them from outside.
@NullMarked
package elysia.testkit.node;

import org.jspecify.annotations.NullMarked;
