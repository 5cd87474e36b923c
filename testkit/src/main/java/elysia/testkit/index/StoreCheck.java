package elysia.testkit.index;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.testkit.git.GitRepository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Compares what a Weaviate holds with what Git holds, and asks no node: through the store's own
/// interface on one side and `git ls-tree` on the other.
public final class StoreCheck {
  private static final int PAGE = 500;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final long MAX_FILE = 1_000_000;

  private record Held(String repo, String path, int start, int end, String content) {}

  private final String url;
  private final Map<String, List<Held>> read = new HashMap<>();

  /// @param url of the Weaviate
  public StoreCheck(String url) {
    this.url = url;
  }

  /// What of a repository in a collection is not as the commit has it, in words; empty when all is.
  public List<String> differences(String collection, String name, GitRepository repository,
      String commit) {
    Map<String, List<String>> wanted = new TreeMap<>();
    for (TreeFile file : TreeFile.indexable(repository, commit, MAX_FILE))
      wanted.put(file.path(), file.lines());
    return differences(collection, name, wanted);
  }

  /// The same with the files' lines by path.
  public List<String> differences(String collection, String name,
      Map<String, List<String>> wanted) {
    Map<String, List<Held>> there = new TreeMap<>();
    for (Held held : read.computeIfAbsent(collection, this::all))
      if (held.repo().equals(name))
        there.computeIfAbsent(held.path(), _ -> new ArrayList<>()).add(held);
    List<String> differences = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(wanted.keySet());
    paths.addAll(there.keySet());
    for (String path : paths) {
      List<String> lines = wanted.get(path);
      List<Held> chunks = there.get(path);
      if (lines == null)
        differences.add("extra: " + name + "/" + path);
      else if (chunks == null)
        differences.add("missing: " + name + "/" + path);
      else
        different(lines, chunks)
            .ifPresent(what -> differences.add(what + ": " + name + "/" + path));
    }
    return differences;
  }

  /// What is held of a repository's files, chunk by chunk in order, by path.
  public Map<String, String> texts(String collection, String name) {
    Map<String, String> texts = new TreeMap<>();
    read.computeIfAbsent(collection, this::all).stream().filter(held -> held.repo().equals(name))
        .sorted(Comparator.comparingInt(Held::start))
        .forEach(held -> texts.merge(held.path(), held.content(), (a, b) -> a + "\n" + b));
    return texts;
  }

  private static Optional<String> different(List<String> lines, List<Held> chunks) {
    int[] covered = new int[lines.size()];
    for (Held chunk : chunks) {
      if (chunk.start() < 1 || chunk.end() > lines.size())
        return Optional.of("stale (lines " + chunk.start() + "-" + chunk.end() + ")");
      String there = String.join("\n", lines.subList(chunk.start() - 1, chunk.end()));
      boolean part = chunk.start() == chunk.end(); // a long line may be split
      if (part ? !there.contains(chunk.content()) : !there.equals(chunk.content()))
        return Optional.of("stale (lines " + chunk.start() + "-" + chunk.end() + ")");
      for (int line = chunk.start(); line <= chunk.end(); line++)
        covered[line - 1] += part && there.length() > chunk.content().length() ? 0 : 1;
    }
    for (int i = 0; i < covered.length; i++) {
      int line = i + 1;
      boolean split = chunks.stream().anyMatch(c -> c.start() == line && c.end() == line);
      if (covered[i] > 1)
        return Optional.of("double (line " + line + ")");
      if (covered[i] == 0 && !split && !lines.get(i).isBlank())
        return Optional.of("incomplete (line " + line + ")");
    }
    return Optional.empty();
  }

  private List<Held> all(String collection) {
    List<Held> all = new ArrayList<>();
    String after = "";
    while (true) {
      JsonNode page = query(
          "{Get{%s(limit:%d,after:\"%s\"){repo path start_line end_line content _additional{id}}}}"
              .formatted(collection, PAGE, after))
          .at("/data/Get/" + collection);
      for (JsonNode object : page) {
        all.add(new Held(object.path("repo").asText(), object.path("path").asText(),
            object.path("start_line").asInt(), object.path("end_line").asInt(),
            object.path("content").asText()));
        after = object.at("/_additional/id").asText();
      }
      if (page.size() < PAGE)
        return all;
    }
  }

  private JsonNode query(String text) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/graphql"))
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(Map.of("query", text))))
          .build();
      return Json.mapper().readTree(CLIENT.send(request, BodyHandlers.ofByteArray()).body());
    } catch (IOException e) {
      throw new AssertionError(url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
