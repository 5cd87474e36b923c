package elysia.core.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// The words by which keyword search knows a text, the same for every store.
///
/// Lower case. A word is a run of letters, digits and `_`; an identifier of several parts
/// (camelCase, snake_case, letters beside digits) gives its parts and then the whole without `_`, so
/// that `maxRetryCount`, `MAX_RETRY_COUNT` and `retry count` meet. In scripts that put no spaces
/// between words every character is a word. Words longer than 128 characters (encoded data) are
/// left out.
public final class Keywords {
  private static final int MAX_LENGTH = 128;

  private Keywords() {}

  /// All words in order, repeated as often as they occur.
  public static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    each(text, words::add);
    return words;
  }

  /// Gives the words to a consumer, one after the other.
  public static void each(String text, Consumer<String> words) {
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (unspaced(c)) {
        words.accept(Character.toString(c));
        at += Character.charCount(c);
      } else if (inWord(c)) {
        int end = at;
        while (end < text.length() && inWord(text.codePointAt(end))
            && !unspaced(text.codePointAt(end)))
          end += Character.charCount(text.codePointAt(end));
        word(text, at, end, words);
        at = end;
      } else {
        at += Character.charCount(c);
      }
    }
  }

  private static void word(String text, int start, int end, Consumer<String> words) {
    StringBuilder whole = new StringBuilder(end - start);
    int parts = 0;
    int from = start;
    for (int at = start; at < end; at += Character.charCount(text.codePointAt(at))) {
      if (at > from && startsPart(text, from, at, end)) {
        parts += part(text, from, at, whole, words);
        from = at;
      }
    }
    parts += part(text, from, end, whole, words);
    if (parts > 1 && whole.length() <= MAX_LENGTH)
      words.accept(whole.toString());
  }

  private static int part(String text, int from, int to, StringBuilder whole,
      Consumer<String> words) {
    if (text.charAt(from) == '_')
      return 0;
    String part = text.substring(from, to).toLowerCase(Locale.ROOT);
    whole.append(part);
    if (part.length() <= MAX_LENGTH)
      words.accept(part);
    return 1;
  }

  private static boolean startsPart(String text, int from, int at, int end) {
    int before = text.codePointBefore(at);
    int here = text.codePointAt(at);
    if (before == '_' || here == '_')
      return true;
    if (Character.isDigit(before) != Character.isDigit(here))
      return true;
    if (!Character.isUpperCase(here))
      return false;
    if (!Character.isUpperCase(before))
      return true;
    int after = at + Character.charCount(here); // the S of HTTPServer
    return at > from && after < end && Character.isLowerCase(text.codePointAt(after));
  }

  private static boolean inWord(int c) {
    if (c < 128)
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c) || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean unspaced(int c) {
    if (c < 0x0e00)
      return false;
    if (Character.isIdeographic(c))
      return true;
    Character.UnicodeScript script = Character.UnicodeScript.of(c);
    return Character.isLetter(c) && (script == Character.UnicodeScript.HIRAGANA
        || script == Character.UnicodeScript.KATAKANA || script == Character.UnicodeScript.THAI
        || script == Character.UnicodeScript.LAO || script == Character.UnicodeScript.KHMER
        || script == Character.UnicodeScript.MYANMAR);
  }
}
