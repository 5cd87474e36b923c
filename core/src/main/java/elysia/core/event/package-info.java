/// What happens in the cluster, told live to whoever watches.
@NullMarked
package elysia.core.event;

import org.jspecify.annotations.NullMarked;
