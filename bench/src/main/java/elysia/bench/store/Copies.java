package elysia.bench.store;

import elysia.bench.Lab;
import elysia.testkit.git.GitRepository;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The code of the lab many times over, each copy a little different, so that none of its chunks is
/// like one of another copy.
final class Copies {
  private static final int EVERY = 5;

  private record File(String path, List<String> lines) {}

  private final List<File> files = new ArrayList<>();

  Copies(Lab lab) {
    GitRepository code = lab.commitCode("copied.git");
    for (String path : code.files())
      files.add(new File(path, code.read(path).lines().toList()));
  }

  /// A text of a copy.
  private static byte[] text(File file, int copy) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < file.lines().size(); i++) {
      text.append(file.lines().get(i));
      if (i % EVERY == 0)
        text.append(" // copy ").append(copy);
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Commits copies into a new repository, without a work tree.
  GitRepository commit(Path folder, int copies) {
    GitRepository repository = GitRepository.create(folder);
    Path stream = folder.resolve(".git").resolve("import");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(stream))) {
        write(out, """
            commit refs/heads/main
            committer C <c@example.org> 1767225600 +0000
            data 6
            copies
            """);
        for (int copy = 0; copy < copies; copy++)
          for (File file : files) {
            byte[] text = text(file, copy);
            write(out, "M 644 inline copy" + copy + "/" + file.path() + "\ndata " + text.length
                + "\n");
            out.write(text);
            write(out, "\n");
          }
      }
      repository.gitFrom(stream, "fast-import", "--quiet");
      Files.delete(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return repository;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Lines of the code that ask for something, spread over it.
  List<String> questions(int count) {
    List<String> lines = files.stream().flatMap(file -> file.lines().stream()).map(String::strip)
        .filter(line -> line.length() > 20 && line.length() < 120).toList();
    List<String> questions = new ArrayList<>();
    for (int i = 0; i < count; i++)
      questions.add(lines.get((int) ((long) i * lines.size() / count)));
    return questions;
  }
}
