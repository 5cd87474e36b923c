/// The state of the cluster, as the API shows it.
@NullMarked
package elysia.core.cluster;

import org.jspecify.annotations.NullMarked;
