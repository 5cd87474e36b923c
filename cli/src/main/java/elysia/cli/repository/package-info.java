/// Commands on managed repositories.
@NullMarked
package elysia.cli.repository;

import org.jspecify.annotations.NullMarked;
