package elysia.worker.chunk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// A file read as UTF-8 although it is not valid.
///
/// @param text with each malformed sequence as one U+FFFD
/// @param characters valid characters outside ASCII
/// @param malformed sequences
/// @param bytes of the file
record Utf8Damage(String text, int characters, int malformed, int bytes) {
  private static final int FEW = 3;
  private static final int SLIGHT = 200;

  static Utf8Damage of(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    int malformed = 0;
    for (CoderResult end = decoder.decode(in, out, true); end.isError(); end = decoder.decode(in,
        out, true)) {
      out.put('\ufffd');
      in.position(in.position() + end.length());
      malformed++;
    }
    String text = out.flip().toString();
    int characters = (int) text.codePoints().filter(c -> c > 0x7f).count() - malformed;
    return new Utf8Damage(text, characters, malformed, bytes.length);
  }

  /// Whether it is UTF-8 rather than another charset: what is valid outside ASCII is so by
  /// no accident.
  boolean rather() {
    return characters >= malformed;
  }

  /// Whether so little is malformed that the rest is worth reading, whatever it is.
  boolean slight() {
    return (long) malformed * SLIGHT <= bytes || (malformed <= FEW && bytes > SLIGHT);
  }
}
