package elysia.cli.feed.detect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.cli.feed.input.Inputs;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.identity.RepositoryName;
import elysia.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A repository that a document names.
///
/// @param changes an array; empty where they are to be found
/// @param problem why nothing can be done for it
public record ListedRepository(RepositoryName repo, Path root, Optional<JsonNode> changes,
    Optional<String> problem) {
  private static final int MAX = 64 << 20;
  private static final int LOOKED_AT = 100;
  private static final String EXPECTED = "expected: {\"repositories\":[{\"path\":…,\"name\":…,"
      + "\"changes\":[…]}]}, or \"modified\", \"added\" and \"deleted\" in place of changes";
  /// What the lists of an entry say of their files.
  private static final List<Map.Entry<String, String>> OPERATIONS = List.of(
      Map.entry("modified", "modify"), Map.entry("added", "add"), Map.entry("untracked", "add"),
      Map.entry("deleted", "delete"));

  public static ListedRepository folder(Path root, Optional<RepositoryName> name) {
    return new ListedRepository(name.orElseGet(() -> name(root, null)), root, Optional.empty(),
        Optional.empty());
  }

  /// `{"repositories":[…]}`, or the array alone as mgit writes it, behind whatever lines its
  /// producer has written before.
  public static List<ListedRepository> read(Session session, String file) {
    JsonNode list = document(session, file);
    if (list.isObject())
      list = list.path("repositories");
    if (!list.isArray())
      throw Failure.usage(file + ": no list of repositories (" + EXPECTED + ")", "");
    List<ListedRepository> named = new ArrayList<>();
    for (JsonNode entry : list)
      named.add(of(session, entry));
    return named;
  }

  private static JsonNode document(Session session, String file) {
    String text;
    try (InputStream in = Inputs.open(session, file)) {
      byte[] bytes = in.readNBytes(MAX + 1);
      if (bytes.length > MAX)
        throw Failure.usage(file + ": more than 64 MiB in one document",
            "send lines of the change contract instead");
      text = new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Failure.usage(file + " cannot be read", "").because(e);
    }
    int start = 0;
    while (start < text.length() && !begins(text, start)) {
      int end = text.indexOf('\n', start);
      start = end < 0 ? text.length() : end + 1;
    }
    try {
      return Json.mapper().readTree(text.substring(start));
    } catch (JsonProcessingException e) {
      throw Failure.usage(file + ": not JSON: " + e.getOriginalMessage() + " (" + EXPECTED + ")",
          "").because(e);
    }
  }

  /// A log line may begin with a bracket, too: `[2026-01-01 …] INFO`.
  private static boolean begins(String text, int at) {
    String start = text.substring(at, Math.min(text.length(), at + LOOKED_AT)).strip();
    return start.startsWith("{") || start.matches("(?s)\\[\\s*([{\"\\]].*)?");
  }

  private static ListedRepository of(Session session, JsonNode entry) {
    String folder = entry.isTextual() ? entry.asText() : text(entry, "path", "local_path", "root");
    String url = text(entry, "url", "clone_url");
    String called = text(entry, "name", "repo");
    if (folder.isEmpty() && !url.isEmpty())
      folder = url.replaceFirst("/+$", "").replaceFirst("\\.git$", "").replaceFirst("^.*[/:]", "");
    if (folder.isEmpty())
      folder = called;
    Path here = session.environment().workingDirectory();
    if (folder.isEmpty())
      throw Failure.usage("a repository without \"path\", \"url\" or \"name\" (" + EXPECTED + ")",
          "");
    try {
      Path root = here.resolve(folder).normalize();
      RepositoryName repo = name(root, called.isEmpty() ? null : called);
      Optional<JsonNode> changes = changes(entry);
      return new ListedRepository(repo, root, changes, problem(entry, root, changes));
    } catch (InvalidPathException e) {
      throw Failure.usage("\"path\": " + e.getMessage(), "").because(e);
    }
  }

  /// What an entry says of its files: in one list, or in a list for each operation.
  private static Optional<JsonNode> changes(JsonNode entry) {
    if (entry.path("changes").isArray())
      return Optional.of(entry.path("changes"));
    ArrayNode changes = Json.mapper().createArrayNode();
    boolean told = false;
    for (Map.Entry<String, String> list : OPERATIONS) {
      JsonNode files = entry.path(list.getKey());
      told |= files.isArray(); // a number is a count of mgit's
      if (files.isArray())
        files.forEach(file -> changes.add(change(list.getValue(), file)));
    }
    return told ? Optional.of(changes) : Optional.empty();
  }

  private static JsonNode change(String op, JsonNode file) {
    return file instanceof ObjectNode object && !object.hasNonNull("op")
        ? object.deepCopy().put("op", op)
        : file.isTextual()
            ? Json.mapper().createObjectNode().put("op", op).put("path", file.asText())
            : file;
  }

  private static Optional<String> problem(JsonNode entry, Path root, Optional<JsonNode> changes) {
    String error = text(entry, "error");
    if (!error.isEmpty())
      return Optional.of(error);
    boolean needed = changes.isEmpty() || (!entry.path("changes").isArray() && StreamSupport
        .stream(changes.get().spliterator(), false)
        .anyMatch(change -> !change.path("op").asText().equals("delete")));
    return !needed || Files.isDirectory(root)
        ? Optional.empty()
        : Optional.of("there is no such folder: clone it, or let the node pull it with `repo add`");
  }

  private static String text(JsonNode entry, String... names) {
    for (String name : names)
      if (entry.path(name).isTextual() && !entry.path(name).asText().isBlank())
        return entry.path(name).asText();
    return "";
  }

  private static RepositoryName name(Path root, @Nullable String given) {
    try {
      return new RepositoryName(given == null ? String.valueOf(root.getFileName()) : given);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()), "").because(e);
    }
  }
}
