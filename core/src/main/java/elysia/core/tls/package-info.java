/// Keys and certificates as they lie in files.
@NullMarked
package elysia.core.tls;

import org.jspecify.annotations.NullMarked;
