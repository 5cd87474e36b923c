/// Running other programs: with deadlines, without a shell, and never leaving children behind.
@NullMarked
package elysia.git.process;

import org.jspecify.annotations.NullMarked;
