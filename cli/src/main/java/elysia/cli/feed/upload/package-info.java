/// Runs: lines become batches, which go to the node.
@NullMarked
package elysia.cli.feed.upload;

import org.jspecify.annotations.NullMarked;
