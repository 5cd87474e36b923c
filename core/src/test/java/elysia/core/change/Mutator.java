package elysia.core.change;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Makes inputs like those of a corpus, and wrong in all sorts of ways; the same for the same seed.
final class Mutator {
  private static final String[] TOKENS = {"{", "}", "[", "]", "\"", ":", ",", "\\", "\\u",
      "\\ud800",
      "\\udc00", "\\u0000", "null", "true", "-1", "1e999", "99999999999999999999", "\n", "\r\n",
      "\0",
      "\u00ef\u00bb\u00bf", "\u00ff\u00fe", "\u00c3", "\u00ed\u00a0\u0080", "..", "/", "../",
      ".git",
      "C:", " -> ", "\\\"", "\\\\303\\\\274", "\"repo\":", "\"op\":\"rename\",", "\"path\":",
      "\"new_path\":\"x\",", "\"content\":", "\"content_base64\":\"AAA\"", "\"data\":{",
      "\"event\":",
      "\"metadata\":{", "\"new_changeset\":{", "\"size\":", "\"is_truncated\":true", " ", "\t"};

  private final List<byte[]> corpus;
  private final Random random;

  Mutator(List<byte[]> corpus, long seed) {
    this.corpus = corpus;
    this.random = new Random(seed);
  }

  byte[] next() {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    for (int lines = 1 + random.nextInt(4); lines > 0; lines--)
      input.writeBytes(corpus.get(random.nextInt(corpus.size())));
    byte[] bytes = input.toByteArray();
    for (int times = random.nextInt(8); times > 0; times--)
      bytes = mutated(bytes);
    return bytes;
  }

  private byte[] mutated(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int length = random.nextInt(bytes.length - at + 1);
    int shortLength = Math.min(length, random.nextInt(12));
    String token = TOKENS[random.nextInt(TOKENS.length)];
    byte[] inserted = token.getBytes(StandardCharsets.ISO_8859_1);
    byte[] other = corpus.get(random.nextInt(corpus.size()));
    return switch (random.nextInt(8)) {
      case 0 -> spliced(bytes, at, shortLength, new byte[0]);
      case 1 -> spliced(bytes, at, length, new byte[0]);
      case 2 -> spliced(bytes, at, 0, inserted);
      case 3 -> spliced(bytes, at, shortLength, inserted);
      case 4 -> spliced(bytes, at, 0, token.repeat(1 + random.nextInt(3000))
          .getBytes(StandardCharsets.ISO_8859_1));
      case 5 -> spliced(bytes, at, 0, other);
      case 6 -> spliced(bytes, at, 1, new byte[]{(byte) random.nextInt(256)});
      default -> spliced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
    };
  }

  private static byte[] spliced(byte[] bytes, int at, int removed, byte[] inserted) {
    int rest = Math.min(bytes.length, at + removed);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + inserted.length);
    out.write(bytes, 0, at);
    out.writeBytes(inserted);
    out.write(bytes, rest, bytes.length - rest);
    return out.toByteArray();
  }
}
