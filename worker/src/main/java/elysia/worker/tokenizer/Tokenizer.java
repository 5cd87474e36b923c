package elysia.worker.tokenizer;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import elysia.core.embed.TokenCounter;
import elysia.worker.bert.WordPiece;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The counting of a service's tokens on this side.
public enum Tokenizer {
  /// By the model's name. For names that are not known, the larger of `cl100k` and `bert` and a
  /// quarter more: an estimate, which a rare script may exceed.
  AUTO,
  /// Exact for OpenAI's text-embedding models.
  CL100K,
  /// Exact for models with OpenAI's newer vocabulary.
  O200K,
  /// Exact for models with the vocabulary of `bert-base-uncased`: most English ones.
  BERT,
  /// One token for each byte of UTF-8: never too few for any byte-level or byte-fallback tokenizer,
  /// and three to four times too many for usual code.
  BYTES;

  /// By the name used in settings.
  public static Tokenizer parse(String name) {
    return Arrays.stream(values()).filter(t -> t.setting().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("tokenizer: " + name + " (expected: "
            + Arrays.stream(values()).map(Tokenizer::setting).collect(Collectors.joining(" | "))
            + ")"));
  }

  private String setting() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @param model whose tokenizer [#AUTO] looks for
  public TokenCounter counter(String model) {
    return switch (this) {
      case AUTO -> KnownModel.named(model).map(known -> known.tokenizer().counter(model))
          .orElseGet(Tokenizer::estimate);
      case CL100K -> bpe(EncodingType.CL100K_BASE);
      case O200K -> bpe(EncodingType.O200K_BASE);
      case BERT -> bert();
      case BYTES -> new Counter(Tokenizer::bytes, 2);
    };
  }

  private static TokenCounter bpe(EncodingType type) {
    Encoding encoding = Vocabularies.REGISTRY.getEncoding(type);
    return new Counter(encoding::countTokensOrdinary, 0);
  }

  private static TokenCounter bert() {
    return new Counter(text -> WordPiece.uncased().count(text), 2);
  }

  private static TokenCounter estimate() {
    TokenCounter cl100k = bpe(EncodingType.CL100K_BASE);
    TokenCounter bert = bert();
    return text -> (int) Math.ceil(1.25 * Math.max(cl100k.count(text), bert.count(text)));
  }

  private static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i); // each half of a surrogate pair is two of its four bytes
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private record Counter(TokenCounter counter, int special) implements TokenCounter {
    @Override
    public int count(String text) {
      return counter.count(text);
    }
  }

  /// Loaded when the first one is used: a vocabulary takes some 10 MiB.
  private static final class Vocabularies {
    private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();
  }
}
