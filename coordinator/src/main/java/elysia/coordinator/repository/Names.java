package elysia.coordinator.repository;

/// Names for people.
final class Names {
  private Names() {}

  /// The first ten digits of a commit.
  static String shortId(String commit) {
    return commit.length() <= 10 ? commit : commit.substring(0, 10);
  }
}
