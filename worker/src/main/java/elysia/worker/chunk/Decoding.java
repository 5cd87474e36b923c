package elysia.worker.chunk;

import elysia.core.chunk.SkipReason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/// A file's bytes as text, or why not.
sealed interface Decoding {
  /// @param text
  ///          without byte order mark, lines separated by LF
  record Text(String text) implements Decoding {}

  record Not(SkipReason reason, String detail) implements Decoding {}

  /// Where Git looks for a NUL byte.
  int BINARY_PROBE = 8_000;

  /// UTF-8 where it is valid, then what a byte order mark says, then what the bytes look like; each
  /// decoded strictly.
  static Decoding of(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, BINARY_PROBE); i++)
      if (bytes[i] == 0)
        return new Not(SkipReason.BINARY, "");
    String text = strict(bytes, StandardCharsets.UTF_8);
    Charset charset = null;
    if (text == null) {
      charset = marked(bytes);
      if (charset == null)
        charset = detected(bytes);
      if (charset != null)
        text = strict(bytes, charset);
    }
    if (text == null)
      return new Not(SkipReason.UNDECODABLE,
          charset == null ? "no known charset" : "not valid " + charset.name());
    if (text.startsWith("\ufeff"))
      text = text.substring(1);
    return text.isBlank() ? new Not(SkipReason.BLANK, "") : new Text(text.replace("\r\n", "\n"));
  }

  private static @Nullable Charset marked(byte[] bytes) {
    if (bytes.length < 2)
      return null;
    int mark = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    return mark == 0xfeff || mark == 0xfffe ? StandardCharsets.UTF_16 : null;
  }

  private static @Nullable Charset detected(byte[] bytes) {
    UniversalDetector detector = new UniversalDetector();
    detector.handleData(bytes, 0, bytes.length);
    detector.dataEnd();
    String name = detector.getDetectedCharset();
    try {
      return name == null ? null : Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }

  private static @Nullable String strict(byte[] bytes, Charset charset) {
    try {
      return charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
