/// Repositories through plain Git: clones, changes and contents; nothing of a repository is run.
@NullMarked
package elysia.coordinator.git;

import org.jspecify.annotations.NullMarked;
