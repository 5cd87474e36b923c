package elysia.worker.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import elysia.core.embed.TokenCounter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Counts the tokens of BERT's uncased tokenizer without native code.
///
/// The rules are those of the `BertNormalizer`, `BertPreTokenizer` and `WordPiece` entries of the
/// model's own tokenizer file, whose vocabulary is used.
final class WordPiece implements TokenCounter {
  private static final String FILE = "/all-minilm-l6-v2-q-tokenizer.json";
  private static final int LONGEST_WORD = 100;

  private final Set<String> vocabulary;

  private WordPiece(Set<String> vocabulary) {
    this.vocabulary = vocabulary;
  }

  static WordPiece bertUncased() {
    return Loaded.BERT;
  }

  @Override
  public int count(String text) {
    int tokens = 0;
    StringBuilder word = new StringBuilder();
    String plain = normalized(text);
    for (int i = 0; i < plain.length();) {
      int c = plain.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        tokens += pieces(word);
      } else if (punctuation(c) || ideograph(c)) {
        tokens += pieces(word) + 1;
      } else {
        word.appendCodePoint(c);
      }
    }
    return tokens + pieces(word);
  }

  /// Control characters away, lower case, accents away.
  private static String normalized(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().filter(WordPiece::kept).forEach(clean::appendCodePoint);
    String apart = Normalizer.normalize(clean, Normalizer.Form.NFD);
    StringBuilder plain = new StringBuilder(apart.length());
    apart.codePoints().filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(plain::appendCodePoint);
    return plain.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean kept(int c) {
    if (c == '\t' || c == '\n' || c == '\r')
      return true;
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE,
          Character.UNASSIGNED ->
        false;
      default -> c != 0xFFFD;
    };
  }

  /// Tokens of the word, which is emptied.
  private int pieces(StringBuilder word) {
    String w = word.toString();
    word.setLength(0);
    if (w.isEmpty())
      return 0;
    if (w.codePointCount(0, w.length()) > LONGEST_WORD)
      return 1;
    int tokens = 0;
    int start = 0;
    while (start < w.length()) {
      int end = w.length();
      while (end > start && !known(w, start, end))
        end = w.offsetByCodePoints(end, -1);
      if (end == start)
        return 1; // the whole word is one unknown token
      tokens++;
      start = end;
    }
    return tokens;
  }

  private boolean known(String word, int start, int end) {
    String piece = word.substring(start, end);
    return vocabulary.contains(start == 0 ? piece : "##" + piece);
  }

  private static boolean punctuation(int c) {
    if (within(c, 33, 47) || within(c, 58, 64) || within(c, 91, 96) || within(c, 123, 126))
      return true;
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION, Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
        true;
      default -> false;
    };
  }

  private static boolean ideograph(int c) {
    return within(c, 0x4E00, 0x9FFF) || within(c, 0x3400, 0x4DBF) || within(c, 0x20000, 0x2A6DF)
        || within(c, 0x2A700, 0x2CEAF) || within(c, 0xF900, 0xFAFF) || within(c, 0x2F800, 0x2FA1F);
  }

  private static boolean within(int c, int first, int last) {
    return first <= c && c <= last;
  }

  /// Reads the keys of `model.vocab`.
  private static Set<String> vocabulary() {
    Set<String> words = new HashSet<>(1 << 16);
    try (InputStream in = WordPiece.class.getResourceAsStream(FILE)) {
      if (in == null)
        throw new IllegalStateException(FILE + " is not on the class path");
      try (JsonParser json = new JsonFactory().createParser(in)) {
        for (JsonToken t = json.nextToken(); t != null; t = json.nextToken())
          if (t == JsonToken.VALUE_NUMBER_INT
              && json.getParsingContext().pathAsPointer().toString().startsWith("/model/vocab/"))
            words.add(json.currentName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Set.copyOf(words);
  }

  private static final class Loaded {
    private static final WordPiece BERT = new WordPiece(vocabulary());
  }
}
