/// The embedder inside the JVM: all-MiniLM-L6-v2, quantized to 8 bits, run by ONNX Runtime.
///
/// Nothing here touches the network: model and vocabulary are resources of a jar, the tokenizer is
/// plain Java.
@NullMarked
package elysia.worker.onnx;

import org.jspecify.annotations.NullMarked;
