/// How nodes know each other, without a cluster.
@NullMarked
package elysia.deploy.membership;

import org.jspecify.annotations.NullMarked;
