/// Budgets of calls to external services.
@NullMarked
package elysia.core.rate;

import org.jspecify.annotations.NullMarked;
