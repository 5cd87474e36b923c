/// Several nodes on one journal and one store.
@NullMarked
package elysia.deploy.cluster;

import org.jspecify.annotations.NullMarked;
