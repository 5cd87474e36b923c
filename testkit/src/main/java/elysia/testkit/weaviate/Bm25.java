package elysia.testkit.weaviate;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Scores of objects by words; k1 = 1.2, b = 0.75.
final class Bm25 {
  private final List<String> wanted;
  private final List<String> properties;
  private final HeldClass of;
  private final Map<String, Double> weights = new HashMap<>();
  private final double mean;

  Bm25(HeldClass of, String query, List<String> properties) {
    this.of = of;
    this.properties = properties;
    this.wanted = words(query, properties.getFirst());
    Collection<Held> all = of.all();
    long total = 0;
    Map<String, Integer> holding = new HashMap<>();
    for (Held held : all) {
      Map<String, Integer> counts = counts(held);
      total += size(counts);
      for (String word : wanted)
        if (counts.containsKey(word))
          holding.merge(word, 1, Integer::sum);
    }
    mean = Math.max(1, (double) total / Math.max(1, all.size()));
    for (String word : wanted) {
      int n = holding.getOrDefault(word, 0);
      weights.put(word, Math.log(1 + (all.size() - n + 0.5) / (n + 0.5)));
    }
  }

  double score(Held held) {
    Map<String, Integer> counts = counts(held);
    double length = 0.25 + 0.75 * size(counts) / mean;
    double score = 0;
    for (String word : wanted) {
      int times = counts.getOrDefault(word, 0);
      score += weights.getOrDefault(word, 0.0) * times / (times + 1.2 * length);
    }
    return score;
  }

  private Map<String, Integer> counts(Held held) {
    Map<String, Integer> counts = new HashMap<>();
    for (String property : properties)
      for (String word : words(held.properties.path(property).asText(), property))
        counts.merge(word, 1, Integer::sum);
    return counts;
  }

  private static int size(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private List<String> words(String text, String property) {
    String tokens = of.tokenization(property).equals("whitespace")
        ? text
        : text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ");
    return List.of(tokens.split("\\s+", -1)).stream().filter(word -> !word.isEmpty()).toList();
  }
}
