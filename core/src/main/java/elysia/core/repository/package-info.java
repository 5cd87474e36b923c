/// Managed repositories: settings, status and the port through which they are driven.
@NullMarked
package elysia.core.repository;

import org.jspecify.annotations.NullMarked;
