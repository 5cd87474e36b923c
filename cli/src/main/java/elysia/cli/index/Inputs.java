package elysia.cli.index;

import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import elysia.core.change.ChangeSettings;
import elysia.core.identity.Sha256;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/// Where lines come from.
final class Inputs {
  /// Reading the whole configuration would cost more than most runs.
  static final ChangeSettings SETTINGS = new ChangeSettings(64 << 20);

  /// What tells one input from another, whatever it is called.
  ///
  /// @param lines
  ///          line ends, and one more for a last line without
  record Identity(String hash, long size, long lines) {}

  private Inputs() {}

  /// @param file
  ///          `-` for standard input, which is not closed with the stream
  static InputStream open(Session session, String file) {
    if (file.equals("-"))
      return new FilterInputStream(session.environment().in()) {
        @Override
        public void close() {
          // whoever gave it closes it
        }
      };
    try {
      return new BufferedInputStream(Files.newInputStream(path(session, file)));
    } catch (IOException e) {
      throw Failure.usage(file + " cannot be read", "").because(e);
    }
  }

  static Path path(Session session, String file) {
    try {
      return session.environment().workingDirectory().resolve(file);
    } catch (InvalidPathException e) {
      throw Failure.usage(file + " is no path", "").because(e);
    }
  }

  static Identity identity(Session session, String file) {
    MessageDigest digest = Sha256.digest();
    byte[] piece = new byte[1 << 16];
    long size = 0;
    long lines = 0;
    byte last = '\n';
    try (InputStream in = Files.newInputStream(path(session, file))) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        digest.update(piece, 0, n);
        size += n;
        for (int i = 0; i < n; i++)
          if (piece[i] == '\n')
            lines++;
        if (n > 0)
          last = piece[n - 1];
      }
    } catch (IOException e) {
      throw Failure.usage(file + " cannot be read", "").because(e);
    }
    return new Identity(HexFormat.of().formatHex(digest.digest()), size,
        last == '\n' ? lines : lines + 1);
  }
}
