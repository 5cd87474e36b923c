@NullMarked
package elysia.core.source;

import org.jspecify.annotations.NullMarked;
