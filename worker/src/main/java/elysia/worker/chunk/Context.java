package elysia.worker.chunk;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// The headings or signatures that enclose a line, outermost first.
final class Context {
  private static final String BETWEEN = " › ";
  /// Price of the separator, or of the line end after the last: three tokens where it is split into
  /// its bytes.
  private static final int BETWEEN_COST = 3 * SourceLines.TOKEN;
  private static final int LEVELS = 3;
  /// A line that encloses more is in no context: an edit of it would change every chunk inside.
  private static final int WIDEST = 400;

  private final SourceLines lines;
  private final Outline outline;
  private final int most;
  private final int[] costs;

  /// @param tokens longest context
  Context(SourceLines lines, Outline outline, int tokens) {
    this.lines = lines;
    this.outline = outline;
    most = tokens * SourceLines.TOKEN;
    costs = new int[lines.count];
    Arrays.fill(costs, -1);
  }

  /// What the context of a chunk that begins at this line costs, never less than it does.
  int cost(int line) {
    if (costs[line] < 0) {
      int cost = 0;
      for (int enclosing : enclosing(line))
        cost += lines.cost[enclosing] + BETWEEN_COST;
      costs[line] = cost;
    }
    return costs[line];
  }

  String of(int line) {
    StringBuilder context = new StringBuilder();
    for (int enclosing : enclosing(line)) {
      if (!context.isEmpty())
        context.append(BETWEEN);
      context.append(lines.stripped(enclosing));
    }
    return context.toString();
  }

  /// The nearest lines that fit; what encloses them is worth less.
  private Deque<Integer> enclosing(int line) {
    Deque<Integer> chain = new ArrayDeque<>(LEVELS);
    int cost = 0;
    for (int at = outline.parent[line]; at != Outline.NONE
        && chain.size() < LEVELS; at = outline.parent[at]) {
      if (outline.enclosed[at] > WIDEST)
        break;
      if (!outline.names(at))
        continue;
      cost += lines.cost[at] + BETWEEN_COST;
      if (cost > most)
        break;
      chain.addFirst(at);
    }
    return chain;
  }
}
