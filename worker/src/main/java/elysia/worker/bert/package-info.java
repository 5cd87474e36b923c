/// The tokenizer of uncased BERT models, in plain Java.
@NullMarked
package elysia.worker.bert;

import org.jspecify.annotations.NullMarked;
