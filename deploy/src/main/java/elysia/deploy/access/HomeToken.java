package elysia.deploy.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A token that a node makes at each start and leaves in its home: anyone who can read the home,
/// where journal, index and settings lie, is the node's owner anyway, and needs no other token on
/// its machine.
public final class HomeToken {
  private HomeToken() {}

  /// @return the token, written to `node.token` for the owner's eyes only
  /// @throws IllegalStateException when the home cannot be written
  public static String renew(Path home) {
    String token = Secret.random();
    Path fresh = home.resolve("node.token.new");
    try {
      Files.deleteIfExists(fresh);
      if (Files.getFileStore(home).supportsFileAttributeView("posix"))
        Files.createFile(fresh,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      else
        Files.createFile(fresh);
      Files.write(fresh, token.getBytes(StandardCharsets.US_ASCII),
          StandardOpenOption.WRITE);
      Files.move(fresh, home.resolve("node.token"), StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IllegalStateException("home " + home + " cannot be written: " + e, e);
    }
    return token;
  }

  public static void remove(Path home) throws IOException {
    Files.deleteIfExists(home.resolve("node.token"));
  }
}
