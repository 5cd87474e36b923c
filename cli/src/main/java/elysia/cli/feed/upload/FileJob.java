package elysia.cli.feed.upload;

import elysia.cli.feed.content.ContentSource;
import elysia.cli.feed.input.Inputs;
import elysia.cli.feed.input.VerifiedInput;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A file of lines, or standard input.
///
/// @param name `-` for standard input
/// @param path empty for standard input
public record FileJob(Session session, String name, Optional<Path> path,
    Optional<Inputs.Identity> identity, ContentSource origin) implements FeedJob {
  public static FileJob of(Session session, UploadSettings settings, String file) {
    if (!file.equals("-"))
      return of(session, settings, file, Inputs.path(session, file));
    return new FileJob(session, file, Optional.empty(), Optional.empty(),
        settings.content().roots());
  }

  /// @param name what it is called towards the user; not every file's name is text
  public static FileJob of(Session session, UploadSettings settings, String name, Path file) {
    boolean again = Files.isRegularFile(file);
    if (!again)
      check(name, file);
    return new FileJob(session, name, Optional.of(file),
        again ? Optional.of(Inputs.identity(name, file)) : Optional.empty(),
        settings.content().roots());
  }

  /// What cannot be read costs no state that is there.
  private static void check(String file, Path path) {
    if (Files.isDirectory(path))
      throw Failure.usage(file + " is a folder (expected: a file of lines)",
          "an inbox of files: elysiactl index watch " + file);
    if (!Files.exists(path))
      throw Failure.usage(file + " cannot be read: there is no such file", "");
  }

  /// What its first bytes are now.
  ///
  /// @param size their number
  public Inputs.Identity beginning(long size) {
    return Inputs.identity(name, path.orElseThrow(), size);
  }

  /// Where a line begins now.
  ///
  /// @param line its number, from 1
  public long offset(long line) {
    return Inputs.offset(name, path.orElseThrow(), line);
  }

  @Override
  public InputStream open() {
    return identity.isPresent()
        ? new VerifiedInput(Inputs.open(name, path.orElseThrow()), identity.get())
        : Inputs.open(session, name);
  }

  @Override
  public void failed(long line) { // it is in the state
  }

  @Override
  public void done() { // nothing to remember
  }

  @Override
  public void close() { // nothing is held
  }
}
