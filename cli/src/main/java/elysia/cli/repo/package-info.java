/// Commands on managed repositories.
@NullMarked
package elysia.cli.repo;

import org.jspecify.annotations.NullMarked;
