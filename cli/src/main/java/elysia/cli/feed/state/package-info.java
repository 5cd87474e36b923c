/// The state file of a run, and where a run resumes.
@NullMarked
package elysia.cli.feed.state;

import org.jspecify.annotations.NullMarked;
