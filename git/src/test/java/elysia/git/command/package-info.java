@NullMarked
package elysia.git.command;

import org.jspecify.annotations.NullMarked;
