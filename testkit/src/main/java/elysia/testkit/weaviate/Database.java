package elysia.testkit.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The data of the server. Every change is a line of a file, where there is one, and is applied
/// again at the next start. Guarded by the server's lock.
final class Database implements AutoCloseable {
  private static final int EMBEDDING = 64;

  private final Map<String, HeldClass> classes = new TreeMap<>();
  private final Map<String, String> aliases = new TreeMap<>();
  private final @Nullable BufferedWriter journal;
  private int queryMaximumResults = 10_000;

  Database(Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      journal = null;
      return;
    }
    if (Files.exists(file.get())) {
      try (Stream<String> lines = Files.lines(file.get())) {
        for (String line : (Iterable<String>) lines::iterator)
          replay(line);
      }
    }
    journal = Files.newBufferedWriter(file.get(), StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    journal.newLine(); // ends a line that a killed server began
  }

  /// A line that a killed server began is no JSON: nothing of it was acknowledged.
  private void replay(String line) throws IOException {
    JsonNode change;
    try {
      change = Json.mapper().readTree(line);
    } catch (JsonProcessingException e) {
      return;
    }
    if (change.isObject())
      apply(change);
  }

  Map<String, HeldClass> classes() {
    return classes;
  }

  /// The most objects of an answer or a deletion.
  int queryMaximumResults() {
    return queryMaximumResults;
  }

  void queryMaximumResults(int most) {
    queryMaximumResults = most;
  }

  Map<String, String> aliases() {
    return aliases;
  }

  /// By its name, its first letter in any case, or an alias of it.
  Optional<HeldClass> find(String name) {
    String upper = name.isEmpty()
        ? name
        : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    return Optional.ofNullable(classes.get(aliases.getOrDefault(upper, upper)));
  }

  /// A text's vector in a class with a vectorizer: how often each of 64 kinds of words occurs.
  static float[] embed(String text) {
    float[] vector = new float[EMBEDDING];
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+", -1))
      vector[Math.floorMod(word.hashCode(), EMBEDDING)]++;
    return vector;
  }

  void create(ObjectNode schema) {
    change(Json.mapper().createObjectNode().put("op", "class").set("schema", schema));
  }

  void drop(String name) {
    change(Json.mapper().createObjectNode().put("op", "drop").put("class", name));
  }

  void alias(String alias, String of) {
    change(Json.mapper().createObjectNode().put("op", "alias").put("alias", alias)
        .put("class", of));
  }

  void put(HeldClass of, JsonNode object, ObjectNode properties, boolean intoIndex) {
    ObjectNode change = Json.mapper().createObjectNode().put("op", "put").put("class", of.name())
        .put("id", object.path("id").asText().toLowerCase(Locale.ROOT)).put("indexed", intoIndex);
    change.set("properties", properties);
    if (object.path("vector").isArray())
      change.set("vector", object.path("vector"));
    change(change);
  }

  void delete(HeldClass of, List<String> ids) {
    ObjectNode change = Json.mapper().createObjectNode().put("op", "delete").put("class",
        of.name());
    ids.forEach(change.putArray("ids")::add);
    change(change);
  }

  void loseNewest(HeldClass of, long n) {
    change(Json.mapper().createObjectNode().put("op", "lose").put("class", of.name())
        .put("number", n));
  }

  private void change(JsonNode change) {
    try {
      if (journal != null) {
        journal.write(change.toString());
        journal.newLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    apply(change);
  }

  /// Before a request is answered.
  void flush() {
    try {
      if (journal != null)
        journal.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void apply(JsonNode change) {
    String name = change.path("class").asText();
    switch (change.path("op").asText()) {
      case "class" -> {
        HeldClass created = new HeldClass((ObjectNode) change.path("schema"));
        classes.put(created.name(), created);
      }
      case "drop" -> {
        classes.remove(name);
        aliases.remove(name);
      }
      case "alias" -> aliases.put(change.path("alias").asText(), name);
      case "put" -> {
        HeldClass of = find(name).orElseThrow();
        ObjectNode properties = (ObjectNode) change.path("properties");
        float[] vector = of.vectorizes()
            ? embed(properties.path("content").asText())
            : Held.vector(change.path("vector"));
        of.put(change.path("id").asText(), properties, vector, change.path("indexed").asBoolean());
      }
      case "delete" -> change.path("ids")
          .forEach(id -> find(name).orElseThrow().remove(id.asText()));
      case "lose" -> find(name).orElseThrow().loseNewest(change.path("number").asLong());
      default -> throw new IllegalStateException("an unknown change");
    }
  }

  /// The objects that a deletion matches.
  static List<String> matching(HeldClass of, JsonNode where) {
    var filter = Filter.of(where, of);
    if (where.at("/path/0").asText().equals("id")) { // no need to look at every object
      List<String> ids = new ArrayList<>();
      where.path("valueTextArray").forEach(id -> {
        if (of.get(id.asText()) != null)
          ids.add(id.asText());
      });
      return ids;
    }
    return of.all().stream().filter(filter).map(held -> held.id).toList();
  }

  @Override
  public void close() throws IOException {
    if (journal != null)
      journal.close();
  }
}
