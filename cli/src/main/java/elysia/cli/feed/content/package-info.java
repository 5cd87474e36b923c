/// Lines resolved to files of this machine and their content.
@NullMarked
package elysia.cli.feed.content;

import org.jspecify.annotations.NullMarked;
