package elysia.core.chunk;

import elysia.core.identity.FilePath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The language of a file, told by its name alone.
public final class Language {
  /// What is not known.
  public static final String UNKNOWN = "text";

  private static final Set<String> MARKUP = Set.of("markdown", "restructuredtext", "asciidoc",
      "org",
      UNKNOWN);
  private static final Map<String, String> BY_NAME = read();

  private Language() {}

  /// The lower case name of the language, [#UNKNOWN] when neither the file's name nor one of its
  /// extensions is known; the longest extension wins.
  public static String of(FilePath path) {
    String name = path.fileName().toLowerCase(Locale.ROOT);
    String known = BY_NAME.get(name);
    for (int dot = name.indexOf('.'); known == null && dot >= 0; dot = name.indexOf('.', dot + 1))
      known = BY_NAME.get(name.substring(dot));
    return known == null && name.startsWith("dockerfile.")
        ? "dockerfile"
        : known == null ? UNKNOWN : known;
  }

  /// Whether texts of the language have headings and `#` begins one.
  public static boolean isMarkup(String language) {
    return MARKUP.contains(language);
  }

  /// Each line of the table: a language, then its file names and extensions (with the dot).
  private static Map<String, String> read() {
    Map<String, String> byName = new HashMap<>();
    try (BufferedReader table = new BufferedReader(new InputStreamReader(
        Objects.requireNonNull(Language.class.getResourceAsStream("languages.txt")),
        StandardCharsets.UTF_8))) {
      table.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
        String[] words = line.split(" +", -1);
        for (int i = 1; i < words.length; i++)
          byName.put(words[i], words[0]);
      });
    } catch (IOException e) {
      throw new UncheckedIOException("resource languages.txt", e);
    }
    return Map.copyOf(byName);
  }
}
