package elysia.worker.chunk;

import java.util.Arrays;

/// The nesting of a text as its indentation and headings show it, and how good a place each line is
/// for a chunk to begin. Every value depends on the line, its neighbours and what encloses it.
final class Outline {
  static final int NONE = -1;
  private static final int DEEPEST = 8;

  private final SourceLines lines;
  private final boolean markup;
  private final LineKind[] kinds;
  /// The line that encloses a line, or [#NONE].
  final int[] parent;
  /// How many lines a line encloses, at any depth.
  final int[] enclosed;
  /// How strong the boundary before a line is: 0 (never cut here) to 127.
  final int[] strength;
  private final int[] depth;

  private Outline(SourceLines lines, boolean markup) {
    this.lines = lines;
    this.markup = markup;
    kinds = new LineKind[lines.count];
    parent = new int[lines.count];
    enclosed = new int[lines.count];
    strength = new int[lines.count];
    depth = new int[lines.count];
  }

  static Outline of(SourceLines lines, boolean markup) {
    Outline outline = new Outline(lines, markup);
    outline.classify();
    outline.nest();
    for (int i = lines.count - 1; i >= 0; i--)
      if (outline.parent[i] != NONE)
        outline.enclosed[outline.parent[i]] += outline.enclosed[i] + 1;
    for (int i = 0; i < lines.count; i++)
      outline.strength[i] = outline.strengthBefore(i);
    return outline;
  }

  /// Whether a line may stand in a context: it opens something and has a name.
  boolean names(int line) {
    LineKind kind = kinds[line];
    return (kind == LineKind.HEADING || kind == LineKind.PLAIN) && opens(line);
  }

  private void classify() {
    boolean fenced = false;
    for (int i = 0; i < lines.count; i++) {
      boolean fence = markup && (lines.startsWith(i, "```") || lines.startsWith(i, "~~~"));
      fenced ^= fence;
      kinds[i] = markup && !fenced && !fence && headingLevel(i) > 0
          ? LineKind.HEADING
          : LineKind.of(lines, i, markup);
      if (markup && !fenced && i > 0 && underline(i)) {
        kinds[i - 1] = LineKind.HEADING;
        kinds[i] = LineKind.UNDERLINE;
      }
    }
  }

  private int headingLevel(int line) {
    char mark = lines.charAt(line, 0);
    if ((mark != '#' && mark != '=') || lines.indent[line] > 3)
      return 0;
    int level = 1;
    while (lines.charAt(line, level) == mark)
      level++;
    return level <= 6 && lines.charAt(line, level) == ' ' ? level : 0;
  }

  private boolean underline(int line) {
    char mark = lines.charAt(line, 0);
    int length = lines.end[line] - lines.first[line];
    if ((mark != '=' && mark != '-' && mark != '~') || length < 3 || lines.blankBefore(line)
        || kinds[line - 1] != LineKind.PLAIN || lines.end[line - 1] - lines.first[line - 1] > 120)
      return false;
    for (int i = 1; i < length; i++)
      if (lines.charAt(line, i) != mark)
        return false;
    return true;
  }

  private int level(int heading) {
    int level = headingLevel(heading);
    return level > 0 ? level : lines.charAt(heading + 1, 0) == '=' ? 1 : 2;
  }

  /// Keeps the chain of enclosing lines in a stack; headings enclose by level, everything below
  /// them by indentation.
  private void nest() {
    int[] stack = new int[64];
    int[] rank = new int[64];
    int size = 0;
    for (int i = 0; i < lines.count; i++) {
      LineKind kind = kinds[i];
      if (kind == LineKind.DIRECTIVE || kind == LineKind.BRACE || kind == LineKind.UNDERLINE) {
        parent[i] = size == 0 ? NONE : stack[size - 1];
        depth[i] = size;
        continue;
      }
      int own = kind == LineKind.HEADING ? level(i) : lines.indent[i] + 8;
      int below = size;
      while (below > 0 && rank[below - 1] >= own)
        below--;
      parent[i] = below == 0 ? NONE : stack[below - 1];
      depth[i] = below;
      if (statement(i))
        continue;
      size = below;
      if (kind == LineKind.CLOSER)
        continue;
      if (size == stack.length) {
        stack = Arrays.copyOf(stack, size * 2);
        rank = Arrays.copyOf(rank, size * 2);
      }
      stack[size] = i;
      rank[size++] = own;
    }
  }

  /// A statement neither opens nor ends anything, wherever it stands.
  private boolean statement(int line) {
    return kinds[line] != LineKind.CLOSER && lines.last(line) == ';';
  }

  private boolean opens(int line) {
    if (statement(line))
      return false;
    int next = line + 1;
    while (next < lines.count
        && (kinds[next] == LineKind.BRACE || kinds[next] == LineKind.UNDERLINE))
      next++;
    return next < lines.count && depth[next] > depth[line];
  }

  private int strengthBefore(int i) {
    if (i == 0)
      return 127;
    boolean blank = lines.blankBefore(i);
    LineKind kind = kinds[i];
    LineKind before = kinds[i - 1];
    if (kind == LineKind.UNDERLINE || kind == LineKind.BRACE)
      return 0;
    if (kind == LineKind.HEADING)
      return 126 - 3 * level(i);
    int base = 100 - 12 * Math.min(depth[i], DEEPEST);
    if (kind == LineKind.CLOSER)
      return Math.max(2, base / 16);
    if (!blank && before == LineKind.LEAD)
      return kind == LineKind.LEAD ? 8 : 6;
    if (parent[i] == i - 1 || before == LineKind.BRACE || before == LineKind.UNDERLINE)
      return Math.max(4, base / 2 - 20);
    boolean begins = kind == LineKind.LEAD || (kind == LineKind.PLAIN && opens(i));
    return Math.max(4, base + (blank ? 8 : 0) + (begins ? 6 : 0));
  }
}
