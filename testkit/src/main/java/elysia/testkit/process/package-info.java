/// Programs, ports, folders, and waiting for what other processes do.
@NullMarked
package elysia.testkit.process;

import org.jspecify.annotations.NullMarked;
