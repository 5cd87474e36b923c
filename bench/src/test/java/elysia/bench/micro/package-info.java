@NullMarked
package elysia.bench.micro;

import org.jspecify.annotations.NullMarked;
