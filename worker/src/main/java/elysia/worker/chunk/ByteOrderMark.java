package elysia.worker.chunk;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A byte order mark of UTF-16 or UTF-32. A file that begins with one and is valid is text,
/// although half of its bytes may be NUL.
///
/// @param mark its bytes
record ByteOrderMark(Charset charset, List<Integer> mark) {
  // UTF-32 first: its mark begins with that of UTF-16.
  private static final List<ByteOrderMark> MARKS = List.of(
      new ByteOrderMark(StandardCharsets.UTF_32LE, List.of(0xff, 0xfe, 0, 0)),
      new ByteOrderMark(StandardCharsets.UTF_32BE, List.of(0, 0, 0xfe, 0xff)),
      new ByteOrderMark(StandardCharsets.UTF_16LE, List.of(0xff, 0xfe)),
      new ByteOrderMark(StandardCharsets.UTF_16BE, List.of(0xfe, 0xff)));

  /// The text of a file with such a mark; empty when it has none, or is no text after it.
  static Optional<String> decoded(byte[] bytes) {
    for (ByteOrderMark candidate : MARKS)
      if (candidate.begins(bytes)) {
        Optional<String> text = Charsets.strict(bytes, candidate.charset)
            .filter(decoded -> decoded.indexOf('\0') < 0);
        if (text.isPresent())
          return text;
      }
    return Optional.empty();
  }

  private boolean begins(byte[] bytes) {
    if (bytes.length < mark.size())
      return false;
    for (int i = 0; i < mark.size(); i++)
      if ((bytes[i] & 0xff) != mark.get(i))
        return false;
    return true;
  }
}
