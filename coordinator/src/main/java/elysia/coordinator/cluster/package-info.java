/// The state of the cluster as this node sees it.
@NullMarked
package elysia.coordinator.cluster;

import org.jspecify.annotations.NullMarked;
