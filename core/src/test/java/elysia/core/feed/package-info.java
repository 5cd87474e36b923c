@NullMarked
package elysia.core.feed;

import org.jspecify.annotations.NullMarked;
