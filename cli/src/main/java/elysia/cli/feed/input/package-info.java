/// Inputs of lines: files and pipes, identified and read ahead.
@NullMarked
package elysia.cli.feed.input;

import org.jspecify.annotations.NullMarked;
