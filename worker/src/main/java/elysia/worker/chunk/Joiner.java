package elysia.worker.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Joins lines into chunks: every line begins as a chunk of its own, then boundaries are taken from
/// the weakest to the strongest, and each that can go goes, which is when both sides together fit.
///
/// A boundary's turn depends on the text around it and never on how far from the start of the file
/// it is, so an edit is felt by the chunks beside it and not by those that follow. In the end no two
/// neighbours fit together, so chunks are more than half full on average.
final class Joiner {
  /// SourceLines `from` to `to`, both inclusive.
  record Range(int from, int to) {}

  private static final int INDEX_BITS = 26;
  private static final int UNIT_BITS = 8;
  private static final int HASH_BITS = 63 - 7 - UNIT_BITS - INDEX_BITS;

  private final SourceLines lines;
  private final Outline outline;
  private final Context context;
  private final int limit;
  /// Cost of all lines and gaps before a line.
  private final long[] before;

  /// @param limit highest cost of a chunk with its context
  Joiner(SourceLines lines, Outline outline, Context context, int limit) {
    this.lines = lines;
    this.outline = outline;
    this.context = context;
    this.limit = limit;
    before = new long[lines.count + 1];
    for (int i = 0; i < lines.count; i++)
      before[i + 1] = before[i] + lines.cost[i] + lines.gap[i];
  }

  List<Range> ranges() {
    int[] lastOf = new int[lines.count];
    int[] firstOf = new int[lines.count];
    for (int i = 0; i < lines.count; i++)
      lastOf[i] = firstOf[i] = i;
    long[] order = order();
    for (int k = 0; k < order.length; k++) {
      int boundary = (int) (order[k] & ((1L << INDEX_BITS) - 1));
      int from = firstOf[boundary - 1];
      int to = lastOf[boundary];
      if (fits(from, to)) {
        lastOf[from] = to;
        firstOf[to] = from;
      }
    }
    List<Range> ranges = new ArrayList<>();
    for (int from = 0; from < lines.count; from = lastOf[from] + 1)
      ranges.add(new Range(from, lastOf[from]));
    return ranges;
  }

  boolean fits(int from, int to) {
    return before[to + 1] - before[from] - lines.gap[from] + context.cost(from) <= limit;
  }

  /// The best line inside a range to begin a second chunk at: the strongest, of these the
  /// most central.
  int cut(Range range) {
    int best = range.from() + 1;
    for (int i = best + 1; i <= range.to(); i++)
      if (outline.strength[i] > outline.strength[best]
          || (outline.strength[i] == outline.strength[best]
              && Math.abs(2L * i - range.from() - range.to()) < Math
                  .abs(2L * best - range.from() - range.to())))
        best = i;
    return best;
  }

  /// Boundaries from the weakest: by strength, then the shorter unit beside them (so that no crumbs
  /// remain), then a hash of the line, which is as good as chance and does not move.
  private long[] order() {
    int[] units = units();
    long[] order = new long[Math.max(0, lines.count - 1)];
    for (int i = 1; i < lines.count; i++)
      order[i - 1] = (((long) outline.strength[i] << UNIT_BITS | units[i]) << HASH_BITS
          | hash(i)) << INDEX_BITS | i;
    Arrays.sort(order);
    return order;
  }

  private long hash(int line) {
    int hash = 0x811c9dc5;
    for (int at = lines.first[line]; at < lines.end[line]; at++)
      hash = (hash ^ lines.text.charAt(at)) * 0x01000193;
    return (hash ^ hash >>> 15) & ((1L << HASH_BITS) - 1);
  }

  /// For each boundary the number of lines to the nearest one that is as strong.
  private int[] units() {
    int[] units = new int[lines.count];
    int[] stack = new int[lines.count];
    int size = 0;
    for (int i = 0; i < lines.count; i++) {
      while (size > 0 && outline.strength[stack[size - 1]] < outline.strength[i])
        nearer(units, stack[--size], i);
      if (size > 0) {
        units[i] = i - stack[size - 1];
        if (outline.strength[stack[size - 1]] == outline.strength[i])
          nearer(units, stack[--size], i);
      } else
        units[i] = i;
      stack[size++] = i;
    }
    while (size > 0)
      nearer(units, stack[--size], lines.count);
    for (int i = 0; i < lines.count; i++)
      units[i] = Math.min(units[i], (1 << UNIT_BITS) - 1);
    return units;
  }

  private static void nearer(int[] units, int line, int next) {
    units[line] = Math.min(units[line], next - line);
  }
}
