/// The journal's tables, on a PostgreSQL.
@NullMarked
package elysia.deploy.journal;

import org.jspecify.annotations.NullMarked;
