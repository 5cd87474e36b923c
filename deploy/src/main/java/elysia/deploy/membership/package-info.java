/// Membership of a cluster: whom a node asks, who may form a new one, and whom it lets speak to it.
@NullMarked
package elysia.deploy.membership;

import org.jspecify.annotations.NullMarked;
