/// Callers, and what they may do.
@NullMarked
package elysia.core.auth;

import org.jspecify.annotations.NullMarked;
