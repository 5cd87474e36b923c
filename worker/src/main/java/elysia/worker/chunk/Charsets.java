package elysia.worker.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mozilla.universalchardet.UniversalDetector;

/// Charsets told by the bytes of a file that is not UTF-8.
///
/// The detector knows scripts other than Latin well and one charset of Latin letters, windows-1252:
/// it takes Czech and Polish for French. So files whose bytes above ASCII stand alone among ASCII
/// letters are read in each of a few charsets, and that one counts whose letters outside ASCII
/// belong to one language.
final class Charsets {
  /// Letters outside ASCII by which languages are told, lower case.
  private static final Map<Charset, List<String>> LATIN = Map.of(
      Charset.forName("windows-1252"),
      List.of("àâçéèêëîïôùûüÿœæ", "äöüß", "áéíóúüñ", "áâãàçéêíóôõú", "àèéìòù", "æøåé", "åäöé",
          "áðéíóúýþæö", "éëïóöüèê"),
      Charset.forName("windows-1250"),
      List.of("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "čšžćđ", "ăâîşţ"),
      Charset.forName("ISO-8859-2"),
      List.of("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "čšžćđ", "ăâîşţ"),
      Charset.forName("windows-1254"), List.of("çğıöşüâîû"));
  /// Of charsets that explain a file equally well, the more frequent one.
  private static final List<Charset> ORDER = List.of(Charset.forName("windows-1252"),
      Charset.forName("windows-1250"), Charset.forName("ISO-8859-2"),
      Charset.forName("windows-1254"));

  private static final double PLAUSIBLE = 0.6;

  private Charsets() {}

  /// The text; empty when the bytes are not valid in the charset.
  static Optional<String> strict(byte[] bytes, Charset charset) {
    try {
      return Optional.of(charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes))
          .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// The charset that a file seems to be in; empty when nothing can be told.
  static Optional<Charset> guess(byte[] bytes) {
    if (!looksLatin(bytes))
      return detected(bytes);
    Optional<Reading> latin = latin(bytes);
    return latin.filter(reading -> reading.share() >= PLAUSIBLE).map(Reading::charset)
        .or(() -> detected(bytes)).or(() -> latin.map(Reading::charset));
  }

  /// Whether most bytes above ASCII stand beside an ASCII letter and not beside each other. So do
  /// those of some Japanese, whose letters then make no language.
  private static boolean looksLatin(byte[] bytes) {
    int high = 0;
    int besideLetter = 0;
    int besideHigh = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= 0)
        continue;
      high++;
      int before = i == 0 ? 0 : bytes[i - 1];
      int after = i + 1 == bytes.length ? 0 : bytes[i + 1];
      if (letter(before) || letter(after))
        besideLetter++;
      if (before < 0)
        besideHigh++;
    }
    return besideLetter * 2 >= high && besideHigh * 2 <= high;
  }

  private static boolean letter(int b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  /// @param share of the letters outside ASCII that belong to the best fitting language
  private record Reading(Charset charset, double share) {}

  private static Optional<Reading> latin(byte[] bytes) {
    return ORDER.stream()
        .flatMap(charset -> strict(bytes, charset)
            .map(text -> new Reading(charset, share(text, charset))).stream())
        .max(Comparator.comparingDouble(Reading::share)
            .thenComparingInt(reading -> -ORDER.indexOf(reading.charset())));
  }

  /// A sign that is not within a word, such as ² and “, says nothing.
  private static double share(String text, Charset charset) {
    String lower = text.toLowerCase(Locale.ROOT);
    double best = 0;
    for (String letters : LATIN.getOrDefault(charset, List.of())) {
      int known = 0;
      int all = 0;
      for (int i = 0; i < lower.length(); i++) {
        char c = lower.charAt(i);
        if (c < 0x80)
          continue;
        boolean inWord = i + 1 < lower.length() && letter(lower.charAt(i + 1));
        boolean sign = c > 0x9f && !Character.isLetter(c);
        if (sign && (!inWord || c > 0xff))
          continue;
        all++;
        known += letters.indexOf(c) >= 0 ? 1 : 0;
      }
      best = Math.max(best, all == 0 ? 1 : (double) known / all);
    }
    return best;
  }

  private static Optional<Charset> detected(byte[] bytes) {
    UniversalDetector detector = new UniversalDetector();
    detector.handleData(bytes, 0, bytes.length);
    detector.dataEnd();
    try {
      return Optional.ofNullable(detector.getDetectedCharset()).map(Charset::forName);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }
}
