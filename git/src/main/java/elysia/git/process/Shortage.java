package elysia.git.process;

import java.util.List;

/// Tells a machine that is short of something for the moment from other failures of a program: what
/// such a program says of the files that it read means nothing.
final class Shortage {
  private static final List<String> WORDS = List.of("Out of memory", "out of memory",
      "Cannot allocate memory", "Too many open files", "unable to create thread",
      "Resource temporarily unavailable");

  private Shortage() {}

  static boolean said(String errors) {
    return WORDS.stream().anyMatch(errors::contains);
  }
}
