@NullMarked
package elysia.deploy;

import org.jspecify.annotations.NullMarked;
