package elysia.core.change;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Checks that the JSON parser does not make: that bytes are UTF-8, and the text of a long string
/// as bytes, so that content never becomes characters.
final class JsonText {
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class,
      ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

  private JsonText() {}

  /// A fault in the bytes of a line.
  record Fault(int index, String wrong, String expected) {}

  /// The first place that is no UTF-8 (RFC 3629), a NUL, or an escape of half a surrogate pair;
  /// null where there is none.
  static @Nullable Fault fault(byte[] b, int from, int to) {
    int i = from;
    while (i < to) {
      if (i + 8 <= to) {
        long word = (long) LONGS.get(b, i);
        // A byte over 0x7f, a NUL or a backslash sets a high bit; without one none does.
        if (((word | (word - ONES) | ((word ^ BACKSLASHES) - ONES)) & HIGH_BITS) == 0) {
          i += 8;
          continue;
        }
      }
      int stop = Math.min(to, i + 8);
      while (i < stop) {
        int c = b[i];
        if (c > 0 && c != '\\') {
          i++;
          continue;
        }
        int length = c < 0 ? sequence(b, i, to) : c == '\\' ? escape(b, i, to) : 0;
        if (length <= 0)
          return c < 0
              ? new Fault(i, String.format("byte 0x%02x is not UTF-8 here", c & 0xff), "UTF-8")
              : c == 0
                  ? new Fault(i, "a NUL byte", "JSON text in UTF-8; NUL in a string is \\u0000")
                  : new Fault(i, "half of a surrogate pair", "both halves, like \\ud83d\\ude00");
        i += length;
      }
    }
    return null;
  }

  /// The length of the UTF-8 sequence that begins here, 0 if none does.
  private static int sequence(byte[] b, int i, int to) {
    int first = b[i] & 0xff;
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || i + length > to)
      return 0;
    int second = b[i + 1] & 0xff;
    int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high)
      return 0;
    for (int k = 2; k < length; k++) {
      if ((b[i + k] & 0xc0) != 0x80)
        return 0;
    }
    return length;
  }

  /// The length of the escape that begins here (a pair is one), 0 for half a surrogate pair; what
  /// is wrong with it otherwise is for the parser to say.
  private static int escape(byte[] b, int i, int to) {
    if (i + 1 >= to || b[i + 1] != 'u')
      return 2;
    int unit = hex4(b, i + 2, to);
    if (!surrogate(unit))
      return 2;
    if (unit > 0xdbff || i + 7 >= to || b[i + 6] != '\\' || b[i + 7] != 'u')
      return 0;
    int low = hex4(b, i + 8, to);
    return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
  }

  private static boolean surrogate(int unit) {
    return unit >= 0xd800 && unit <= 0xdfff;
  }

  private static int hex4(byte[] b, int i, int to) {
    if (i + 4 > to)
      return -1;
    int value = 0;
    for (int k = i; k < i + 4; k++) {
      int digit = Character.digit(b[k], 16);
      if (digit < 0)
        return -1;
      value = (value << 4) | digit;
    }
    return value;
  }

  /// The text of a JSON string as UTF-8.
  ///
  /// @param quote index of its opening quote; the bytes after it have no [#fault]
  /// @return null if it is malformed
  static byte @Nullable [] string(byte[] b, int quote, int to) {
    int end = end(b, quote, to);
    if (end >= to)
      return null;
    int size = textSize(b, quote + 1, end);
    if (size == end - quote - 1) // no escapes: each makes the text shorter
      return Arrays.copyOfRange(b, quote + 1, end);
    return size < 0 ? null : unescape(b, quote + 1, end, size);
  }

  /// As [#string], where it lies if it has no escapes: nothing is copied.
  static @Nullable ByteBuffer view(byte[] b, int quote, int to) {
    int end = end(b, quote, to);
    if (end < to && textSize(b, quote + 1, end) == end - quote - 1)
      return ByteBuffer.wrap(b, quote + 1, end - quote - 1);
    byte[] text = string(b, quote, to);
    return text == null ? null : ByteBuffer.wrap(text);
  }

  /// The index of a string's closing quote, `to` or more if there is none.
  static int end(byte[] b, int quote, int to) {
    int end = quote + 1;
    while (end < to && b[end] != '"')
      end += b[end] == '\\' ? 2 : 1;
    return end;
  }

  private static int textSize(byte[] b, int from, int to) {
    int size = 0;
    for (int i = from; i < to; size++, i++) {
      if (b[i] != '\\')
        continue;
      if (b[++i] != 'u')
        continue;
      int unit = hex4(b, i + 1, to);
      if (unit < 0)
        return -1;
      i += 4;
      // Each half of a pair counts two of its four bytes.
      size += unit < 0x80 ? 0 : unit < 0x800 || surrogate(unit) ? 1 : 2;
    }
    return size;
  }

  private static byte @Nullable [] unescape(byte[] b, int from, int to, int size) {
    byte[] out = new byte[size];
    int n = 0;
    for (int i = from; i < to; i++) {
      byte c = b[i];
      if (c != '\\') {
        out[n++] = c;
        continue;
      }
      byte escaped = b[++i];
      if (escaped == 'u') {
        int unit = hex4(b, i + 1, to);
        i += 4;
        if (surrogate(unit)) {
          unit = Character.toCodePoint((char) unit, (char) hex4(b, i + 3, to));
          i += 6;
        }
        byte[] utf8 = Character.toString(unit).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, out, n, utf8.length);
        n += utf8.length;
        continue;
      }
      int plain = "\"\\/bfnrt".indexOf(escaped);
      if (plain < 0)
        return null;
      out[n++] = (byte) "\"\\/\b\f\n\r\t".charAt(plain);
    }
    return out;
  }
}
