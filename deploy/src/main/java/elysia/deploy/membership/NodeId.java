package elysia.deploy.membership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// The identity of a home, whatever the address of its node.
public final class NodeId {
  private NodeId() {}

  /// @return the id in `node.id`, made at the first start
  /// @throws IllegalStateException when the home cannot be read or written
  public static String in(Path home) {
    Path file = home.resolve("node.id");
    try {
      if (Files.exists(file))
        return UUID.fromString(Files.readString(file).strip()).toString();
    } catch (IllegalArgumentException e) { // half written: a new one will do
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read: " + e, e);
    }
    try {
      String id = UUID.randomUUID().toString();
      Files.writeString(file, id + "\n");
      return id;
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be written: " + e, e);
    }
  }
}
