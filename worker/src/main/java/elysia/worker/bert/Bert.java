package elysia.worker.bert;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Objects;

/// The characters that the reference implementation of BERT's tokenizer takes for white space,
/// control, ideograph, mark and punctuation. Its tables are older than Java's: the resource lists
/// what differs.
final class Bert {
  private static final BitSet WITHOUT_CATEGORY = withoutCategory();
  /// Nonspacing marks to the reference, spacing ones since.
  private static final int HANUNOO_PAMUDPOD = 0x1734;
  private static final int AHOM_RA = 0x1171e;
  /// Punctuation to the reference, a symbol since.
  private static final int CANADIAN_CHI = 0x166d;
  /// Punctuation to the reference, a mark since.
  private static final int SHARADA_SANDHI = 0x111c9;

  private Bert() {}

  static boolean whitespace(int c) {
    return switch (c) {
      case ' ', '\t', '\n', '\r', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 ->
        true;
      default -> c >= 0x2000 && c <= 0x200a;
    };
  }

  /// Removed before anything else; white space is no control character but U+0085 is.
  static boolean control(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\t' && c != '\n' && c != '\r';
      case Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> categorized(c);
      default -> false;
    };
  }

  static boolean ideograph(int c) {
    return within(c, 0x3400, 0x4dbf) || within(c, 0x4e00, 0x9fff) || within(c, 0xf900, 0xfaff)
        || within(c, 0x20000, 0x2a6df) || within(c, 0x2a700, 0x2b81f)
        || within(c, 0x2b920, 0x2ceaf) || within(c, 0x2f800, 0x2fa1f);
  }

  static boolean nonspacing(int c) {
    return Character.getType(c) == Character.NON_SPACING_MARK
        ? categorized(c)
        : c == HANUNOO_PAMUDPOD || c == AHOM_RA;
  }

  static boolean punctuation(int c) {
    if (c < 0x80)
      return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.OTHER_PUNCTUATION,
          Character.START_PUNCTUATION, Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION ->
        categorized(c);
      default -> c == CANADIAN_CHI || c == SHARADA_SANDHI;
    };
  }

  private static boolean categorized(int c) {
    return !WITHOUT_CATEGORY.get(c);
  }

  private static boolean within(int c, int low, int high) {
    return c >= low && c <= high;
  }

  private static BitSet withoutCategory() {
    BitSet set = new BitSet();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        Objects.requireNonNull(Bert.class.getResourceAsStream("without-category.txt")),
        StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
        for (String range : line.split(" ", -1)) {
          int dash = range.indexOf('-');
          int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
          set.set(first, Integer.parseInt(range.substring(dash + 1), 16) + 1);
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException("resource without-category.txt", e);
    }
    return set;
  }
}
