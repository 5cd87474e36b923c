package elysia.testkit.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/// Code bases of other people, pinned by version, which the build unpacks below `target/corpora`.
public enum Corpora {
  /// Java, 86 files, 670 KB.
  GSON,
  /// Kotlin, 89 files, 530 KB.
  OKIO,
  /// Scala, 18 files, 150 KB.
  OS_LIB,
  /// Clojure and ClojureScript, 24 files, 210 KB.
  CORE_ASYNC,
  /// JavaScript, TypeScript and source maps, 125 files, 1.4 MB.
  PREACT;

  private static final Path UNPACKED = Path.of("target/corpora").toAbsolutePath();

  /// Its name as a repository.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Commits it into a new repository.
  public GitRepository commitInto(Path folder) throws IOException {
    Path from = UNPACKED.resolve(label());
    GitRepository repository = GitRepository.create(folder);
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
        Path to = folder.resolve(from.relativize(path));
        if (Files.isDirectory(path))
          Files.createDirectories(to);
        else
          Files.copy(path, to);
      }
    }
    repository.commit("As published");
    return repository;
  }
}
