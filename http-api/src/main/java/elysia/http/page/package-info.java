/// The dashboard and the API's own description.
@NullMarked
package elysia.http.page;

import org.jspecify.annotations.NullMarked;
