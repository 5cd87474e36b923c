@NullMarked
package elysia.bench;

import org.jspecify.annotations.NullMarked;
