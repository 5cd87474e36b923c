/// Finding, starting and stopping the node of a home folder.
@NullMarked
package elysia.cli.home;

import org.jspecify.annotations.NullMarked;
