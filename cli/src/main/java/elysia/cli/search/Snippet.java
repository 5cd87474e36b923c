package elysia.cli.search;

import elysia.cli.output.Console;
import elysia.cli.output.Text;
import elysia.core.search.SearchHit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The few lines of a found chunk that say most about the query, each with its number.
final class Snippet {
  private static final int LINES = 6;
  private static final int LINE_LENGTH = 160;
  private static final int SHORTEST_WORD = 3;

  private final Console console;
  private final List<String> words;
  private final Pattern marked;

  Snippet(Console console, String query) {
    this.console = console;
    this.words = Arrays.stream(query.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
        .filter(word -> word.length() >= SHORTEST_WORD).distinct().limit(50).toList();
    this.marked = Pattern.compile(
        words.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")")),
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  List<String> lines(SearchHit hit) {
    List<String> lines = hit.content().lines().toList();
    int start = start(lines);
    int end = Math.min(lines.size(), start + LINES);
    int width = String.valueOf(hit.startLine() + end).length();
    List<String> shown = new ArrayList<>();
    for (int i = start; i < end; i++)
      shown.add(("  " + console.dim(
          String.format(Locale.ROOT, "%" + width + "d", hit.startLine() + i) + " |") + " "
          + mark(cut(lines.get(i)))).stripTrailing());
    return shown;
  }

  /// Where the window with the most different words of the query begins; in the middle of the first
  /// such run, so that what was found has lines around it.
  private int start(List<String> lines) {
    int first = 0;
    int last = 0;
    long most = 0;
    for (int i = 0; i + LINES <= lines.size(); i++) {
      String window = String.join("\n", lines.subList(i, i + LINES)).toLowerCase(Locale.ROOT);
      long found = words.stream().filter(window::contains).count();
      if (found > most) {
        most = found;
        first = i;
        last = i;
      } else if (found == most && most > 0 && last == i - 1)
        last = i;
    }
    return (first + last) / 2;
  }

  private static String cut(String line) {
    return line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "…" : line;
  }

  private String mark(String line) {
    String safe = Text.safeLine(line);
    return words.isEmpty()
        ? safe
        : marked.matcher(safe).replaceAll(
            match -> Matcher.quoteReplacement(console.yellow(match.group())));
  }
}
