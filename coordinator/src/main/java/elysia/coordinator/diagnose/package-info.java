/// Looking for what is wrong with a repository, on the node where it lives.
@NullMarked
package elysia.coordinator.diagnose;

import org.jspecify.annotations.NullMarked;
