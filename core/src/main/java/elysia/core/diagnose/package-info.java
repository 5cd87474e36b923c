/// Faults of a repository, looked at with care, in words for the person who can fix it.
@NullMarked
package elysia.core.diagnose;

import org.jspecify.annotations.NullMarked;
