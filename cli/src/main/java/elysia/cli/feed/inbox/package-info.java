/// A folder into which producers put files of lines.
@NullMarked
package elysia.cli.feed.inbox;

import org.jspecify.annotations.NullMarked;
