package elysia.worker.chunk;

import java.util.Set;

/// The kind of a line, by its first and last characters alone.
enum LineKind {
  /// A heading of a text, `#` or underlined.
  HEADING,
  /// The line of `===` or `---` below a heading.
  UNDERLINE,
  /// Ends what stands above: `}`, `end`, `)`, `else`.
  CLOSER,
  /// An opening brace on a line of its own.
  BRACE,
  /// Begins what the next line continues: comment, annotation, decorator.
  LEAD,
  /// A directive of a preprocessor: says nothing about the nesting around it.
  DIRECTIVE,
  /// A branch, loop or the like: encloses lines but names nothing.
  CONTROL,
  /// Anything else.
  PLAIN;

  private static final Set<String> CONTROL_WORDS = Set.of("if", "for", "while", "switch", "try",
      "do", "foreach", "case", "default", "when", "match", "with", "return", "synchronized", "loop",
      "unless", "until", "select", "elseif", "throw", "goto", "using", "lock", "yield", "await");
  private static final Set<String> CLOSING_WORDS = Set.of("end", "else", "elif", "elseif", "elsif",
      "catch", "except", "finally", "fi", "done", "esac", "endif", "then", "rescue", "ensure");
  private static final Set<String> DIRECTIVES = Set.of("if", "ifdef", "ifndef", "else", "elif",
      "endif", "define", "undef", "include", "pragma", "error", "line", "region", "endregion");

  /// @param markup whether `#` begins a heading
  static LineKind of(SourceLines lines, int line, boolean markup) {
    char c = lines.charAt(line, 0);
    return switch (c) {
      case '}', ')', ']' -> CLOSER;
      case '{' -> lines.charAt(line, 1) == '\0' ? BRACE : PLAIN;
      case '/' -> lines.charAt(line, 1) == '/' || lines.charAt(line, 1) == '*' ? LEAD : PLAIN;
      case '*', '@' -> markup ? PLAIN : LEAD;
      case ';' -> LEAD;
      case '-' -> !markup && lines.charAt(line, 1) == '-' ? LEAD : PLAIN;
      case '<' -> lines.charAt(line, 1) == '/'
          ? CLOSER
          : lines.startsWith(line, "<!--") ? LEAD : PLAIN;
      case '#' -> markup ? PLAIN : directive(lines, line) ? DIRECTIVE : LEAD;
      default -> word(lines, line);
    };
  }

  private static boolean directive(SourceLines lines, int line) {
    int from = 1;
    while (lines.charAt(line, from) == ' ')
      from++;
    return from <= 4 && DIRECTIVES.contains(letters(lines, line, from));
  }

  private static LineKind word(SourceLines lines, int line) {
    String word = letters(lines, line, 0);
    if (word.isEmpty())
      return PLAIN;
    if (CLOSING_WORDS.contains(word))
      return CLOSER;
    return CONTROL_WORDS.contains(word) ? CONTROL : PLAIN;
  }

  private static String letters(SourceLines lines, int line, int from) {
    int to = from;
    while (to - from < 13 && Character.isLetter(lines.charAt(line, to)))
      to++;
    int at = lines.first[line];
    return to - from > 12 ? "" : lines.text.substring(at + from, at + to);
  }
}
