package elysia.cli.index;

import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A file of lines, or standard input.
///
/// @param file
///          `-` for standard input
record FileJob(Session session, String file, Optional<Inputs.Identity> identity, Origin origin)
    implements
      Job {
  static FileJob of(Session session, FeedOptions options, String file) {
    boolean again = !file.equals("-") && Files.isRegularFile(Inputs.path(session, file));
    if (!again && !file.equals("-"))
      check(file, Inputs.path(session, file));
    return new FileJob(session, file,
        again ? Optional.of(Inputs.identity(session, file)) : Optional.empty(),
        options.contentRoots(session));
  }

  /// What cannot be read costs no state that is there.
  private static void check(String file, Path path) {
    if (Files.isDirectory(path))
      throw Failure.usage(file + " is a folder (expected: a file of lines)",
          "an inbox of files: elysiactl index watch " + file);
    if (!Files.exists(path))
      throw Failure.usage(file + " cannot be read: there is no such file", "");
  }

  @Override
  public String name() {
    return file;
  }

  @Override
  public InputStream open() {
    return Inputs.open(session, file);
  }

  @Override
  public void failed(long line) { // stands in the state
  }

  @Override
  public void done() { // nothing to remember
  }

  @Override
  public void close() { // nothing is held
  }
}
