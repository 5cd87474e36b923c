@NullMarked
package elysia.core.identity;

import org.jspecify.annotations.NullMarked;
