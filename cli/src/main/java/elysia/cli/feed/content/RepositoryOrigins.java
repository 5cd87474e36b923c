package elysia.cli.feed.content;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The folder that each repository's name stands for in a collection, remembered in the home, so
/// that two folders of one name do not overwrite each other's files. Not thread-safe.
public final class RepositoryOrigins {
  private static final Pattern REMOTE = Pattern
      .compile("(?s)\\[remote \"origin\"\\][^\\[]*?\\n\\s*url\\s*=\\s*(\\S+)");

  private final CollectionName collection;
  private final Path file;
  private final boolean remember;
  private final Map<RepositoryName, Path> claimed = new TreeMap<>();

  /// @param file where it is remembered
  /// @param remember false leaves the file as it is
  public RepositoryOrigins(CollectionName collection, Path file, boolean remember) {
    this.collection = collection;
    this.file = file;
    this.remember = remember;
  }

  /// Takes a name for a folder, unless it stands for another one. Later clones of the same remote
  /// and a folder that took the place of one that is gone may have it.
  ///
  /// @return the folder that has it
  public Optional<Path> claim(RepositoryName name, Path root) {
    Path known = claimed.get(name);
    if (known != null)
      return Optional.of(known).filter(other -> !other.equals(root));
    Optional<Path> other = remembered(name, root);
    if (other.isEmpty())
      claimed.put(name, root);
    return other;
  }

  private Optional<Path> remembered(RepositoryName name, Path root) {
    if (!remember)
      return holder(read(), name, root);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"),
          StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        ObjectNode all = read();
        Optional<Path> other = holder(all, name, root);
        JsonNode entry = entry(root);
        if (other.isEmpty() && !entry.equals(at(all, name))) {
          all.withObjectProperty(collection.value()).set(name.value(), entry);
          write(all);
        }
        return other;
      }
    } catch (IOException e) { // a home that cannot be written: then this run alone is known
      return holder(read(), name, root);
    }
  }

  private JsonNode at(JsonNode all, RepositoryName name) {
    return all.path(collection.value()).path(name.value());
  }

  private Optional<Path> holder(JsonNode all, RepositoryName name, Path root) {
    JsonNode entry = at(all, name);
    String before = entry.path("root").asText();
    String remote = entry.path("remote").asText();
    if (before.isEmpty() || before.equals(root.toString())
        || (!remote.isEmpty() && remote.equals(remote(root))))
      return Optional.empty();
    return Optional.of(Path.of(before)).filter(Files::isDirectory);
  }

  private static JsonNode entry(Path root) {
    ObjectNode entry = Json.mapper().createObjectNode().put("root", root.toString());
    String remote = remote(root);
    return remote.isEmpty() ? entry : entry.put("remote", remote);
  }

  /// Where a clone came from; empty for what is none.
  private static String remote(Path root) {
    try {
      Matcher url = REMOTE.matcher(
          Files.readString(root.resolve(".git/config"), StandardCharsets.ISO_8859_1));
      return url.find() ? url.group(1) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private ObjectNode read() {
    try {
      return Json.mapper().readTree(Files.readAllBytes(file)) instanceof ObjectNode all
          ? all
          : Json.mapper().createObjectNode();
    } catch (IOException e) { // the first time
      return Json.mapper().createObjectNode();
    }
  }

  private void write(ObjectNode all) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
