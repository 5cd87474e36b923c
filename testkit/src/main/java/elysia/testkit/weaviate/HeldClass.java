package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A class of the server: its schema and its objects, by id. Guarded by the server's lock.
final class HeldClass {
  private final ObjectNode schema;
  private final Map<String, JsonNode> properties = new HashMap<>();
  private final TreeMap<String, Held> objects = new TreeMap<>();
  private int dimension;
  private long counter;

  HeldClass(ObjectNode schema) {
    this.schema = schema;
    schema.path("properties").forEach(p -> properties.put(p.path("name").asText(), p));
  }

  String name() {
    return schema.path("class").asText();
  }

  ObjectNode schema() {
    return schema;
  }

  boolean vectorizes() {
    return schema.path("vectorizer").asText().startsWith("text2vec-");
  }

  boolean hasProperty(String name) {
    return properties.containsKey(name);
  }

  boolean filterable(String name) {
    return property(name).path("indexFilterable").asBoolean(true);
  }

  String tokenization(String name) {
    return property(name).path("tokenization").asText("word");
  }

  private JsonNode property(String name) {
    JsonNode property = properties.get(name);
    if (property == null)
      throw new IllegalArgumentException("no such prop with name '" + name + "'");
    return property;
  }

  Collection<Held> all() {
    return objects.values();
  }

  /// After an id, in the order of ids.
  Collection<Held> after(String id) {
    return objects.tailMap(id, false).values();
  }

  @Nullable
  Held get(String id) {
    return objects.get(id);
  }

  void remove(String id) {
    objects.remove(id);
  }

  /// Why the server does not take the object as it is.
  Optional<String> fault(ObjectNode values, float[] vector) {
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      JsonNode property = properties.get(value.getKey());
      if (property == null)
        return Optional.of("no such prop with name '" + value.getKey() + "' found in class '"
            + name() + "' in the schema. Check your schema files for which properties in this class"
            + " are available");
      if (property.at("/dataType/0").asText().equals("int") && !value.getValue().isIntegralNumber())
        return Optional.of("invalid integer property '" + value.getKey() + "' on class '" + name()
            + "': requires an integer");
    }
    if (vector.length > 0 && dimension > 0 && vector.length != dimension)
      return Optional.of("Validate vector index: insert called with a vector of the wrong size: "
          + vector.length + ". Saved length: " + dimension);
    return Optional.empty();
  }

  /// Insert or overwrite. An unchanged vector is not put into the vector index again.
  ///
  /// @param intoIndex whether the vector index takes it
  void put(String id, ObjectNode values, float[] vector, boolean intoIndex) {
    Held before = objects.get(id);
    if (vector.length > 0)
      dimension = vector.length;
    if (before != null && before.sameVector(vector))
      objects.put(id, new Held(id, values, vector, before.number, before.indexed));
    else
      objects.put(id, new Held(id, values, vector, counter++, intoIndex && vector.length > 0));
  }

  /// What a killed server's graph forgets.
  void loseNewest(long n) {
    objects.values().stream()
        .sorted(Comparator.comparingLong((Held held) -> held.number).reversed())
        .limit(n).forEach(held -> held.indexed = false);
  }

  List<Held> indexed() {
    return objects.values().stream().filter(held -> held.indexed).toList();
  }
}
