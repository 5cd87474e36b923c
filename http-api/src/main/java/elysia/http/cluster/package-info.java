/// The cluster, probes and metrics over HTTP.
@NullMarked
package elysia.http.cluster;

import org.jspecify.annotations.NullMarked;
