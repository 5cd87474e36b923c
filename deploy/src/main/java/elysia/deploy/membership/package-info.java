/// How a node becomes a member of a cluster: whom it asks, who may form a new one, and whom it lets
/// speak to it.
@NullMarked
package elysia.deploy.membership;

import org.jspecify.annotations.NullMarked;
