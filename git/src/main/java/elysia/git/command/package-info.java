/// Git's command lines and environments: what keeps Git from running what a repository says.
@NullMarked
package elysia.git.command;

import org.jspecify.annotations.NullMarked;
