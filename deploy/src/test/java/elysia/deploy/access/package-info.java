/// Tokens, the audit log, and what outsiders get.
@NullMarked
package elysia.deploy.access;

import org.jspecify.annotations.NullMarked;
