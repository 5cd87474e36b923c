package elysia.worker.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A class as people write them: fields, comments, methods of all lengths.
final class SourceSample {
  private static final String[] WORDS = {"account", "balance", "reader", "index", "buffer", "state",
      "customer", "order", "cache", "lookup", "total", "writer", "offset", "window", "entry"};

  private SourceSample() {}

  static List<String> lines(int count, long seed) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>(List.of("package sample;", "", "public class Sample {"));
    while (lines.size() < count - 1)
      method(lines, random);
    lines.add("}");
    return lines;
  }

  private static void method(List<String> lines, Random random) {
    lines.add("");
    if (random.nextInt(3) > 0)
      lines.addAll(List.of("  /**", "   * Gives the " + word(random) + " of the " + word(random),
          "   */"));
    lines.add(
        "  public int " + word(random) + random.nextInt(1_000) + "(int " + word(random) + ") {");
    int statements = 1 + random.nextInt(random.nextInt(8) == 0 ? 60 : 12);
    for (int i = 0; i < statements; i++)
      statement(lines, random);
    lines.add("    return " + word(random) + ";");
    lines.add("  }");
  }

  private static void statement(List<String> lines, Random random) {
    String call = word(random) + "." + word(random) + "(" + word(random) + ", "
        + random.nextInt(1_000) + ");";
    if (random.nextInt(5) == 0)
      lines.addAll(List.of("    if (" + word(random) + " > " + random.nextInt(100) + ") {",
          "      " + call, "      " + word(random) + "++;", "    }"));
    else
      lines.add("    " + (random.nextBoolean() ? "int " + word(random) + " = " : "") + call);
    if (random.nextInt(9) == 0)
      lines.add("");
  }

  private static String word(Random random) {
    String word = WORDS[random.nextInt(WORDS.length)];
    return random.nextBoolean()
        ? word
        : word + Character.toUpperCase(word.charAt(0)) + WORDS[random.nextInt(WORDS.length)];
  }
}
