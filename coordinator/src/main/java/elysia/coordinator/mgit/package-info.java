/// Pulling clones through mgit, with plain Git for what mgit leaves undone.
@NullMarked
package elysia.coordinator.mgit;

import org.jspecify.annotations.NullMarked;
