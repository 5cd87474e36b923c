/// The node: the one place that joins adapters to ports.
@NullMarked
package elysia.deploy.node;

import org.jspecify.annotations.NullMarked;
