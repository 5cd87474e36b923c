package elysia.cli.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A list of repositories as text: per line a URL or path and its options, in words as a shell
/// splits them; `#` begins a comment.
final class BatchFile {
  /// @param number from 1
  /// @param words at least one, unless there is an error
  record Line(int number, List<String> words, Optional<String> error) {}

  private BatchFile() {}

  /// The lines that say something.
  static List<Line> parse(List<String> text) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < text.size(); i++) {
      String line = i == 0 && text.get(i).startsWith("\ufeff")
          ? text.get(i).substring(1)
          : text.get(i);
      try {
        List<String> words = words(line);
        if (!words.isEmpty())
          lines.add(new Line(i + 1, words, Optional.empty()));
      } catch (IllegalArgumentException e) {
        lines.add(new Line(i + 1, List.of(line.strip()), Optional.ofNullable(e.getMessage())));
      }
    }
    return lines;
  }

  /// Single quotes keep all, double quotes all but `\"` and `\\`, a backslash keeps the next
  /// character.
  ///
  /// @throws IllegalArgumentException for an open quote
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      char next = i + 1 < line.length() ? line.charAt(i + 1) : 0;
      if (quote != 0 && c == quote)
        quote = 0;
      else if (c == '\\' && next != 0
          && (quote == 0 || (quote == '"' && "\"\\".indexOf(next) >= 0))) {
        word.append(next);
        inWord = true;
        i++;
      } else if (quote != 0)
        word.append(c);
      else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord)
          words.add(word.toString());
        word.setLength(0);
        inWord = false;
      } else if (c == '#' && !inWord)
        break;
      else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0)
      throw new IllegalArgumentException("a quote " + quote + " is not closed");
    if (inWord)
      words.add(word.toString());
    return words;
  }
}
