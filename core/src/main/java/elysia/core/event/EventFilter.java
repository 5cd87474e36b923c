package elysia.core.event;

import java.util.List;

/// Which events a watcher wants. A pattern is a whole name, or its beginning followed by `*`.
///
/// @param types patterns of types; empty for all
/// @param repos patterns of repository names; empty for all
public record EventFilter(List<String> types, List<String> repos) {
  private static final int MAX_PATTERNS = 100;
  private static final int MAX_LENGTH = 200;

  public EventFilter {
    types = checked("types", types);
    repos = checked("repo", repos);
  }

  public static EventFilter all() {
    return new EventFilter(List.of(), List.of());
  }

  public boolean matches(Event event) {
    return matches(types, event.type()) && matches(repos, event.repo());
  }

  private static boolean matches(List<String> patterns, String name) {
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern));
  }

  private static List<String> checked(String name, List<String> patterns) {
    if (patterns.size() > MAX_PATTERNS)
      throw new IllegalArgumentException(
          name + ": " + patterns.size() + " patterns (expected: at most " + MAX_PATTERNS + ")");
    for (String pattern : patterns) {
      int star = pattern.indexOf('*');
      if (pattern.isBlank() || pattern.length() > MAX_LENGTH
          || (star >= 0 && star < pattern.length() - 1))
        throw new IllegalArgumentException(
            name + ": a pattern is malformed (expected: 1 to " + MAX_LENGTH
                + " characters, * only at the end)");
    }
    return List.copyOf(patterns);
  }
}
