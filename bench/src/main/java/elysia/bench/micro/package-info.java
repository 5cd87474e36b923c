/// The hot parts of the product by themselves, measured by JMH.
@NullMarked
package elysia.bench.micro;

import org.jspecify.annotations.NullMarked;
