package elysia.core.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// A file's path inside its repository, `/` between its segments, as text that stands for exact
/// bytes.
///
/// Paths in Git are bytes. Valid UTF-8 stands for itself; any other path, and one that begins with a
/// double quote, is written as Git quotes it: in double quotes, with `\\"`, `\\\\` and three-digit
/// octal escapes for bytes that are not printable ASCII. [#bytes()] inverts [#ofBytes(byte[])].
/// Order is that of the bytes, as in Git.
public record FilePath(@JsonValue String value) implements Comparable<FilePath> {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public FilePath {
    if (value.isEmpty() || value.indexOf('\0') >= 0)
      throw new IllegalArgumentException(
          "path: \"" + Printable.of(value) + "\" (expected: not empty, no NUL)");
  }

  /// The path that stands for these bytes.
  public static FilePath ofBytes(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes)).toString();
      if (!text.startsWith("\""))
        return new FilePath(text);
    } catch (CharacterCodingException e) { // not UTF-8: quoted below
    }
    StringBuilder quoted = new StringBuilder(bytes.length * 2).append('"');
    for (byte b : bytes) {
      if (b == '"' || b == '\\')
        quoted.append('\\').append((char) b);
      else if (b >= 0x20 && b < 0x7f)
        quoted.append((char) b);
      else
        quoted.append(String.format("\\%03o", b & 0xff));
    }
    return new FilePath(quoted.append('"').toString());
  }

  /// The bytes that this path stands for.
  public byte[] bytes() {
    return unquoted().orElseGet(() -> value.getBytes(StandardCharsets.UTF_8));
  }

  /// The path as patterns and file endings are held against it: without Git's quoting, each byte
  /// that is not UTF-8 as one U+FFFD. For a path that is not quoted it is [#value()]. Different
  /// paths may have the same text.
  public String text() {
    return unquoted().map(FilePath::decoded).orElse(value);
  }

  private static String decoded(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    for (CoderResult end = decoder.decode(in, out, true); end.isError(); end = decoder.decode(in,
        out, true)) {
      out.put("\ufffd".repeat(end.length()));
      in.position(in.position() + end.length());
    }
    return out.flip().toString();
  }

  private Optional<byte[]> unquoted() {
    if (value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\""))
      return Optional.empty();
    return unquote(value);
  }

  /// Undoes Git's C-style quoting (`core.quotePath`).
  ///
  /// @param quoted text that begins and ends with a double quote
  /// @return the bytes, or empty when it is not a well-formed quoted string
  public static Optional<byte[]> unquote(String quoted) {
    if (quoted.length() < 2 || quoted.charAt(0) != '"' || quoted.charAt(quoted.length() - 1) != '"')
      return Optional.empty();
    byte[] in = quoted.substring(1, quoted.length() - 1).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '"')
        return Optional.empty();
      if (in[i] != '\\') {
        out.write(in[i]);
        continue;
      }
      if (++i == in.length)
        return Optional.empty();
      int escaped = in[i];
      int plain = "abtnvfr\"\\".indexOf(escaped);
      if (plain >= 0)
        out.write("\u0007\b\t\n\u000b\f\r\"\\".charAt(plain));
      else if (escaped >= '0' && escaped <= '3' && i + 2 < in.length && octal(in[i + 1])
          && octal(in[i + 2])) {
        out.write((escaped - '0') << 6 | (in[i + 1] - '0') << 3 | (in[i + 2] - '0'));
        i += 2;
      } else
        return Optional.empty();
    }
    return Optional.of(out.toByteArray());
  }

  private static boolean octal(byte b) {
    return b >= '0' && b <= '7';
  }

  /// Whether the path can be nothing but a place below its repository: not absolute, no empty, `.`,
  /// `..` or `.git` segment.
  public boolean safe() {
    for (String segment : text().split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")
          || segment.equalsIgnoreCase(".git"))
        return false;
    }
    return true;
  }

  /// The last segment of [#text()].
  public String fileName() {
    String text = text();
    return text.substring(text.lastIndexOf('/') + 1);
  }

  @Override
  public int compareTo(FilePath other) {
    return Arrays.compareUnsigned(bytes(), other.bytes());
  }

  @Override
  public String toString() {
    return value;
  }
}
