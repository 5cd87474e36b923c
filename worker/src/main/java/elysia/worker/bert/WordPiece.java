package elysia.worker.bert;

import elysia.core.embed.TokenCounter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tokenizer of uncased BERT models in plain Java: clean, split off ideographs, strip accents,
/// lower case, split at white space and punctuation, then the longest piece of the vocabulary first.
///
/// Gives the same ids as the reference implementation (`tokenizers` of Hugging Face), which its
/// tests compare it with, at a fraction of the time and without a native library. Thread-safe.
public final class WordPiece implements TokenCounter {
  private static final int UNKNOWN = 100;
  private static final int CLS = 101;
  private static final int SEP = 102;
  private static final String[] SPECIAL = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  private static final int[] SPECIAL_IDS = {0, UNKNOWN, CLS, SEP, 103};
  private static final int LONGEST_WORD = 100;

  private static final String FILE = "/all-minilm-l6-v2-q-tokenizer.json";

  private final Vocabulary vocabulary;

  private WordPiece(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /// With the vocabulary of `bert-base-uncased`, which all-MiniLM-L6-v2 has too; read once, at
  /// first use.
  public static WordPiece uncased() {
    return Uncased.INSTANCE;
  }

  /// `tokenizer.json` of the model.
  static InputStream openFile() {
    return Objects.requireNonNull(WordPiece.class.getResourceAsStream(FILE), FILE);
  }

  @Override
  public int count(String text) {
    Run run = new Run(vocabulary, null);
    tokenize(text, run);
    return run.size;
  }

  /// The ids of a text between the two special tokens that frame it, never cut.
  public long[] encode(String text) {
    Run run = new Run(vocabulary, new long[text.length() / 3 + 16]);
    run.emit(CLS);
    tokenize(text, run);
    run.emit(SEP);
    return run.ids();
  }

  private static void tokenize(String text, Run run) {
    int from = 0;
    for (int at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) {
      int special = specialAt(text, at);
      if (special < 0)
        continue;
      piece(text, from, at, run);
      run.emit(SPECIAL_IDS[special]);
      from = at + SPECIAL[special].length();
      at = from - 1;
    }
    piece(text, from, text.length(), run);
  }

  private static int specialAt(String text, int at) {
    for (int i = 0; i < SPECIAL.length; i++)
      if (text.startsWith(SPECIAL[i], at))
        return i;
    return -1;
  }

  private static void piece(String text, int from, int to, Run run) {
    for (int i = from; i < to; i++)
      if (text.charAt(i) >= 0x80) {
        unicode(normalize(text, from, to), run);
        return;
      }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        run.letter(c);
      else if (c >= 'A' && c <= 'Z')
        run.letter((char) (c + 32));
      else if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
        run.end();
      else if (c > ' ' && c < 0x7f)
        run.isolated(c);
      // what remains are control characters, which vanish
    }
    run.end();
  }

  private static String normalize(String text, int from, int to) {
    StringBuilder clean = new StringBuilder(to - from + 32);
    for (int i = from; i < to;) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == 0xfffd || Bert.control(c))
        continue;
      if (Bert.whitespace(c))
        clean.append(' ');
      else if (Bert.ideograph(c))
        clean.append(' ').appendCodePoint(c).append(' ');
      else
        clean.appendCodePoint(c);
    }
    return Normalizer.normalize(clean, Normalizer.Form.NFD);
  }

  private static void unicode(String text, Run run) {
    for (int i = 0; i < text.length();) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Bert.nonspacing(c))
        continue;
      c = Character.toLowerCase(c);
      if (Bert.whitespace(c))
        run.end();
      else if (Bert.punctuation(c))
        run.isolated(c);
      else
        run.letter(c);
    }
    run.end();
  }

  private static final class Uncased {
    static final WordPiece INSTANCE = read();

    private static WordPiece read() {
      try (InputStream in = openFile()) {
        return new WordPiece(Vocabulary.read(in));
      } catch (IOException e) {
        throw new UncheckedIOException(FILE, e);
      }
    }
  }

  /// One text on its way through: the word being read and what came out so far.
  private static final class Run {
    private final Vocabulary vocabulary;
    private final char[] word = new char[2 * LONGEST_WORD];
    private int length;
    private int letters;
    private long @Nullable [] out;
    private int size;

    Run(Vocabulary vocabulary, long @Nullable [] out) {
      this.vocabulary = vocabulary;
      this.out = out;
    }

    void letter(int c) {
      if (letters++ >= LONGEST_WORD)
        return;
      length += Character.toChars(c, word, length);
    }

    void letter(char c) {
      if (letters++ < LONGEST_WORD)
        word[length++] = c;
    }

    void isolated(int c) {
      end();
      letter(c);
      end();
    }

    void end() {
      if (letters == 0)
        return;
      int before = size;
      if (letters > LONGEST_WORD)
        emit(UNKNOWN);
      else
        for (int at = 0; at < length;) {
          long match = vocabulary.longest(word, at, length);
          if (match < 0) {
            size = before;
            emit(UNKNOWN);
            break;
          }
          emit((int) match);
          at = (int) (match >>> 32);
        }
      length = 0;
      letters = 0;
    }

    void emit(int id) {
      long[] ids = out;
      if (ids != null) {
        if (size == ids.length)
          out = ids = Arrays.copyOf(ids, size * 2);
        ids[size] = id;
      }
      size++;
    }

    long[] ids() {
      long[] ids = out;
      return ids == null ? new long[0] : Arrays.copyOf(ids, size);
    }
  }
}
