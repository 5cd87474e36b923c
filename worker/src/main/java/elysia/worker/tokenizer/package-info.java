/// Counting of tokens as the models of services count them.
@NullMarked
package elysia.worker.tokenizer;

import org.jspecify.annotations.NullMarked;
