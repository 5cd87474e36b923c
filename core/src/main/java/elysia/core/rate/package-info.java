/// How much may be asked of an external service, and when.
@NullMarked
package elysia.core.rate;

import org.jspecify.annotations.NullMarked;
