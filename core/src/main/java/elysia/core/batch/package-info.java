/// The batch protocol between coordinators and workers; the only package of core that knows actors.
@NullMarked
package elysia.core.batch;

import org.jspecify.annotations.NullMarked;
