@NullMarked
package elysia.deploy.feed;

import org.jspecify.annotations.NullMarked;
