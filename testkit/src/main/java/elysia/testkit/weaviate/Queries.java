package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.testkit.weaviate.GraphQlText.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Answers queries: `Get` and `Aggregate`, as far as the store asks.
final class Queries {
  private final Database database;

  Queries(Database database) {
    this.database = database;
  }

  ObjectNode answer(String query) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try {
      List<Field> roots = GraphQlText.read(query);
      for (Field root : roots)
        for (Field target : root.selection())
          if (database.find(target.name()).isEmpty())
            throw new IllegalArgumentException("Cannot query field \"" + target.name()
                + "\" on type \"" + root.name() + "ObjectsObj\".");
      for (Field root : roots)
        fill(answer, root);
    } catch (IllegalArgumentException e) {
      error(answer, e);
    }
    return answer;
  }

  private void fill(ObjectNode answer, Field root) {
    ObjectNode data = answer.withObject("/data").putObject(root.name());
    for (Field target : root.selection()) {
      HeldClass of = database.find(target.name()).orElseThrow();
      try {
        data.set(target.alias(),
            root.name().equals("Get") ? get(of, target) : aggregate(of, target));
      } catch (IllegalArgumentException e) {
        data.putNull(target.alias());
        error(answer, e);
      }
    }
  }

  private static void error(ObjectNode answer, IllegalArgumentException e) {
    answer.withArray("errors").addObject().put("message", e.getMessage());
  }

  private record Hit(Held held, double distance, double score) {}

  private ArrayNode get(HeldClass of, Field field) {
    ObjectNode arguments = field.arguments();
    int most = database.queryMaximumResults();
    int limit = arguments.path("limit").asInt(most);
    if (limit > most)
      throw new IllegalArgumentException("query maximum results exceeded: limit '" + limit
          + "' exceeds the configured value for QUERY_MAXIMUM_RESULTS '" + most + "'");
    if (arguments.has("after") && arguments.has("where"))
      throw new IllegalArgumentException("where cannot be set with after and limit parameters");
    Predicate<Held> filter = filter(of, arguments);
    ArrayNode objects = JsonNodeFactory.instance.arrayNode();
    hits(of, arguments).filter(hit -> filter.test(hit.held())).limit(limit)
        .forEach(hit -> objects.add(object(hit, field.selection())));
    return objects;
  }

  private static Predicate<Held> filter(HeldClass of, ObjectNode arguments) {
    return arguments.has("where") ? Filter.of(arguments.path("where"), of) : _ -> true;
  }

  private static Stream<Hit> hits(HeldClass of, ObjectNode arguments) {
    if (arguments.has("nearVector"))
      return near(of, Held.vector(arguments.at("/nearVector/vector")));
    if (arguments.has("nearText")) {
      if (!of.vectorizes())
        throw new IllegalArgumentException("Unknown argument \"nearText\"");
      return near(of, Database.embed(arguments.at("/nearText/concepts/0").asText()));
    }
    if (arguments.has("bm25"))
      return words(of, arguments.path("bm25"));
    Stream<Held> all = arguments.has("after")
        ? of.after(arguments.path("after").asText()).stream()
        : of.all().stream().sorted(Comparator.comparingLong(held -> held.number));
    return all.map(held -> new Hit(held, 0, 0));
  }

  private static Stream<Hit> near(HeldClass of, float[] vector) {
    List<Hit> hits = new ArrayList<>();
    for (Held held : of.indexed()) {
      if (held.vector.length != vector.length)
        throw new IllegalArgumentException("vector search: " + vector.length + " vs "
            + held.vector.length + ": vector lengths don't match");
      hits.add(new Hit(held, held.distance(vector), 0));
    }
    return hits.stream().sorted(Comparator.comparingDouble(Hit::distance));
  }

  private static Stream<Hit> words(HeldClass of, JsonNode bm25) {
    String query = bm25.path("query").asText();
    if (query.isEmpty())
      throw new IllegalArgumentException("keyword search (bm25) must have query set");
    List<String> properties = new ArrayList<>();
    bm25.path("properties").forEach(p -> properties.add(p.asText()));
    Bm25 scores = new Bm25(of, query, properties);
    return of.all().stream().map(held -> new Hit(held, 0, scores.score(held)))
        .filter(hit -> hit.score() > 0).sorted(Comparator.comparingDouble(Hit::score).reversed());
  }

  private static ObjectNode object(Hit hit, List<Field> selection) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Field field : selection) {
      if (!field.name().equals("_additional")) {
        object.set(field.alias(), Optional.ofNullable(hit.held().properties.get(field.name()))
            .orElse(JsonNodeFactory.instance.nullNode()));
        continue;
      }
      ObjectNode additional = object.putObject("_additional");
      for (Field wanted : field.selection()) {
        switch (wanted.name()) {
          case "id" -> additional.put("id", hit.held().id);
          case "distance" -> number(additional, "distance", hit.score() == 0, hit.distance());
          case "score" -> additional.put("score", Double.toString(hit.score()));
          case "vector" -> {
            ArrayNode vector = additional.putArray("vector");
            for (float value : hit.held().vector)
              vector.add(value);
          }
          default -> throw new IllegalArgumentException("Cannot query field \"" + wanted.name()
              + "\"");
        }
      }
    }
    return object;
  }

  private static void number(ObjectNode into, String name, boolean known, double value) {
    if (known)
      into.put(name, (float) value);
    else
      into.putNull(name);
  }

  private static ArrayNode aggregate(HeldClass of, Field field) {
    List<Held> matching = of.all().stream().filter(filter(of, field.arguments())).toList();
    ArrayNode groups = JsonNodeFactory.instance.arrayNode();
    ObjectNode group = groups.addObject();
    for (Field wanted : field.selection()) {
      if (wanted.name().equals("meta")) {
        group.putObject("meta").put("count", matching.size());
        continue;
      }
      Map<String, Integer> counts = new HashMap<>();
      for (Held held : matching)
        counts.merge(held.properties.path(wanted.name()).asText(), 1, Integer::sum);
      ArrayNode top = group.putObject(wanted.name()).putArray("topOccurrences");
      counts.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .forEach(e -> top.addObject().put("value", e.getKey()).put("occurs", e.getValue()));
    }
    return groups;
  }
}
