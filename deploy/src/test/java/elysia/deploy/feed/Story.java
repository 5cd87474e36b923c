package elysia.deploy.feed;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Changes of one repository as a producer could write them, and what they come to.
///
/// @param lines of the change format
/// @param effects of each line on a map from path to content and metadata
record Story(List<String> lines, List<Effect> effects) {
  /// What a line does to the index.
  interface Effect {
    void on(Map<String, String> files);
  }

  /// A random one.
  ///
  /// @param name of the repository
  static Story random(Random random, String name, String[] paths, int length) {
    List<String> lines = new ArrayList<>();
    List<Effect> effects = new ArrayList<>();
    Map<String, String> now = new TreeMap<>();
    while (lines.size() < length) {
      String path = paths[random.nextInt(paths.length)];
      String other = paths[random.nextInt(paths.length)];
      int before = lines.size();
      switch (random.nextInt(8)) {
        case 0 -> remove(lines, effects, name, path);
        case 1 -> skip(lines, effects, name, path);
        case 2 -> content(random, lines, effects, name, path, other);
        case 3, 4 -> {
          if (now.containsKey(path) || random.nextInt(4) == 0)
            move(random, lines, effects, name, path, other);
        }
        case 5 -> rotate(random, lines, effects, name, paths);
        default -> content(random, lines, effects, name, path, path);
      }
      for (Effect effect : effects.subList(before, effects.size()))
        effect.on(now);
    }
    return new Story(lines, effects);
  }

  private static void remove(List<String> lines, List<Effect> effects, String name, String path) {
    lines.add(line(name, "delete", path, ""));
    effects.add(files -> files.remove(path));
  }

  private static void skip(List<String> lines, List<Effect> effects, String name, String path) {
    lines.add(line(name, "modify", path, ",\"skip_index\":true"));
    effects.add(files -> files.remove(path));
  }

  /// An add, or a rename with new content when there is another path.
  private static void content(Random random, List<String> lines, List<Effect> effects, String name,
      String from, String to) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(5) == 0 ? 40 : 1;
    int number = random.nextInt(1_000);
    for (int i = 0; i < length; i++)
      text.append("value ").append(number).append(" of ").append(i).append(i + 1 < length
          ? "\\n"
          : "");
    String metadata = random.nextInt(3) == 0 ? "{\"n\":" + random.nextInt(3) + "}" : "";
    lines.add(line(name, from.equals(to) ? "add" : "rename", from,
        (from.equals(to) ? "" : ",\"new_path\":\"" + to + "\"")
            + (metadata.isEmpty() ? "" : ",\"metadata\":" + metadata) + commit(random)
            + ",\"content\":\"" + text + "\""));
    String stored = text.toString().replace("\\n", "\n") + " " + metadata;
    effects.add(files -> {
      files.remove(from);
      files.put(to, stored);
    });
  }

  private static void move(Random random, List<String> lines, List<Effect> effects, String name,
      String from, String to) {
    if (from.equals(to))
      return;
    lines.add(line(name, "rename", from, ",\"new_path\":\"" + to + "\"" + commit(random)));
    effects.add(files -> {
      String there = files.remove(from);
      if (there != null)
        files.put(to, there);
    });
  }

  /// a → b, b → c, c → a, as far as it goes, by way of another place.
  private static void rotate(Random random, List<String> lines, List<Effect> effects, String name,
      String[] paths) {
    move(random, lines, effects, name, paths[0], "aside");
    for (int i = 1; i < paths.length; i++)
      move(random, lines, effects, name, paths[i], paths[i - 1]);
    move(random, lines, effects, name, "aside", paths[paths.length - 1]);
  }

  private static String commit(Random random) {
    return random.nextInt(4) == 0 ? ",\"commit\":\"c" + random.nextInt(3) + "\"" : "";
  }

  private static String line(String name, String op, String path, String rest) {
    return "{\"repo\":\"" + name + "\",\"op\":\"" + op + "\",\"path\":\"" + path + "\"" + rest
        + "}";
  }

  /// What the index holds in the end.
  Map<String, String> end() {
    Map<String, String> files = new TreeMap<>();
    for (Effect effect : effects)
      effect.on(files);
    return files;
  }

  /// Every end that two stories at once can have: lines of each stay in order.
  static Set<Map<String, String>> ends(Story one, Story two) {
    List<Set<Map<String, String>>> row = new ArrayList<>(); // after i lines of one, j of two
    for (int i = 0; i <= one.effects.size(); i++)
      for (int j = 0; j <= two.effects.size(); j++) {
        Set<Map<String, String>> states = new HashSet<>();
        if (i == 0 && j == 0)
          states.add(Map.of());
        if (i > 0)
          states.addAll(after(one.effects.get(i - 1), row.get(j)));
        if (j > 0)
          states.addAll(after(two.effects.get(j - 1), row.get(j - 1)));
        if (i == 0)
          row.add(states);
        else
          row.set(j, states);
      }
    return row.getLast();
  }

  private static Set<Map<String, String>> after(Effect effect, Set<Map<String, String>> states) {
    Set<Map<String, String>> next = new HashSet<>();
    for (Map<String, String> state : states) {
      Map<String, String> files = new TreeMap<>(state);
      effect.on(files);
      next.add(files);
    }
    return next;
  }
}
