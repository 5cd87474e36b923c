/// Parts of the node by themselves.
@NullMarked
package elysia.deploy.node;

import org.jspecify.annotations.NullMarked;
