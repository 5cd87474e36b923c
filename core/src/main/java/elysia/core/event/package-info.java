/// Events of the cluster, told live to anyone who watches.
@NullMarked
package elysia.core.event;

import org.jspecify.annotations.NullMarked;
