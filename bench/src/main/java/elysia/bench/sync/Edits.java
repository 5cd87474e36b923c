package elysia.bench.sync;

import elysia.testkit.git.GitRepository;
import java.util.ArrayList;
import java.util.List;

/// Changes of a work tree, the same in every run.
final class Edits {
  private static final int LONG_ENOUGH = 40;

  private Edits() {}

  /// Source files of some length, in order.
  static List<String> sources(GitRepository repository) {
    return repository.files().stream()
        .filter(path -> path.matches(".*\\.(java|kt|scala|clj|cljs|cljc|js|ts)"))
        .filter(path -> repository.read(path).lines().count() >= LONG_ENOUGH).toList();
  }

  /// Changes a line in each third of a file.
  static void change(GitRepository repository, List<String> paths, String word) {
    for (String path : paths) {
      List<String> lines = new ArrayList<>(repository.read(path).lines().toList());
      for (int third = 0; third < 3; third++) {
        int at = lines.size() * (2 * third + 1) / 6;
        lines.set(at, lines.get(at) + " // " + word + " " + third + " in " + path);
      }
      repository.write(path, String.join("\n", lines) + "\n");
    }
  }
}
