/// Finding, starting and stopping the node of a home folder.
@NullMarked
package elysia.cli.node;

import org.jspecify.annotations.NullMarked;
