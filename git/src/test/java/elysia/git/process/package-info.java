@NullMarked
package elysia.git.process;

import org.jspecify.annotations.NullMarked;
