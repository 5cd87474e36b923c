/// The journal's database: where it is, its tables, its connections.
@NullMarked
package elysia.deploy.journal;

import org.jspecify.annotations.NullMarked;
