package elysia.cli.feed.input;

import elysia.cli.process.Failure;
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
public final class Inputs {
  /// Reading the whole configuration would cost more than most runs.
  public static final ChangeSettings SETTINGS = new ChangeSettings(64 << 20);

  /// What tells one input from another, whatever it is called.
  ///
  /// @param lines line ends, and one more for a last line without
  /// @param whole bytes up to the last line end
  public record Identity(String hash, long size, long lines, long whole) {}

  private Inputs() {}

  /// @param file `-` for standard input, which is not closed with the stream
  public static InputStream open(Session session, String file) {
    if (file.equals("-"))
      return new FilterInputStream(session.environment().in()) {
        @Override
        public void close() {
          // its owner closes it
        }
      };
    return open(file, path(session, file));
  }

  public static InputStream open(String name, Path file) {
    try {
      return new BufferedInputStream(Files.newInputStream(file));
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  public static Path path(Session session, String file) {
    try {
      return session.environment().workingDirectory().resolve(file);
    } catch (InvalidPathException e) {
      throw Failure.usage(file + " is no path", "").because(e);
    }
  }

  public static Identity identity(String name, Path file) {
    return identity(name, file, Long.MAX_VALUE);
  }

  /// Of the beginning of a file.
  ///
  /// @param limit its length in bytes, less where the file ends before
  public static Identity identity(String name, Path file, long limit) {
    MessageDigest digest = Sha256.digest();
    byte[] piece = new byte[1 << 16];
    long size = 0;
    long lines = 0;
    long whole = 0;
    try (InputStream in = Files.newInputStream(file)) {
      while (size < limit) {
        int n = in.read(piece, 0, (int) Math.min(piece.length, limit - size));
        if (n < 0)
          break;
        digest.update(piece, 0, n);
        for (int i = 0; i < n; i++)
          if (piece[i] == '\n') {
            lines++;
            whole = size + i + 1;
          }
        size += n;
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
    return new Identity(HexFormat.of().formatHex(digest.digest()), size,
        whole == size ? lines : lines + 1, whole);
  }

  /// Where a line of a file begins: bytes before it; the file's size when it has fewer lines.
  ///
  /// @param line its number, from 1
  public static long offset(String name, Path file, long line) {
    long offset = 0;
    long ends = 0;
    try (InputStream in = open(name, file)) {
      for (int b; ends < line - 1 && (b = in.read()) >= 0; offset++)
        if (b == '\n')
          ends++;
    } catch (IOException e) {
      throw unreadable(name, e);
    }
    return offset;
  }

  private static Failure unreadable(String name, IOException e) {
    return Failure.usage(name + " cannot be read: " + IoReason.of(e), "").because(e);
  }
}
