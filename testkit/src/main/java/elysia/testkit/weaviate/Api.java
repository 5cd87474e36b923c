package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.testkit.weaviate.Fault.Kind;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The effect of each request, and its answer. Guarded by the server's lock.
final class Api {
  private static final String READ_ONLY = "store is read-only due to: resource pressure";

  /// @param body missing for an empty one
  record Answer(int status, JsonNode body) {
    static Answer empty(int status) {
      return new Answer(status, MissingNode.getInstance());
    }

    static Answer error(int status, String message) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.putArray("error").addObject().put("message", message);
      return new Answer(status, body);
    }
  }

  private final Database database;
  private final Queries queries;

  Api(Database database) {
    this.database = database;
    this.queries = new Queries(database);
  }

  Answer answer(String method, String path, JsonNode body, Optional<Kind> fault) {
    if (path.startsWith("/v1/.well-known/"))
      return Answer.empty(200);
    return switch (method + " " + path) {
      case "GET /v1/schema" -> classes();
      case "POST /v1/schema" -> create(body);
      case "GET /v1/aliases" -> aliases();
      case "POST /v1/aliases" -> {
        database.alias(body.path("alias").asText(), body.path("class").asText());
        yield new Answer(200, body);
      }
      case "POST /v1/batch/objects" -> insert(body, fault);
      case "DELETE /v1/batch/objects" -> delete(body, fault);
      case "POST /v1/graphql" -> new Answer(200, queries.answer(body.path("query").asText()));
      default -> path.startsWith("/v1/schema/") || path.startsWith("/v1/aliases/")
          ? one(method, path.substring(path.lastIndexOf('/') + 1), path.startsWith("/v1/aliases/"))
          : new Answer(404, JsonNodeFactory.instance.objectNode().put("code", 404)
              .put("message", "path " + path + " was not found"));
    };
  }

  private Answer classes() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode array = all.putArray("classes");
    database.classes().values().forEach(c -> array.add(c.schema()));
    return new Answer(200, all);
  }

  private Answer aliases() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode array = all.putArray("aliases");
    database.aliases().forEach(
        (alias, of) -> array.addObject().put("alias", alias).put("class", of));
    return new Answer(200, all);
  }

  private Answer create(JsonNode schema) {
    String name = schema.path("class").asText();
    if (!name.matches("[A-Z][_0-9A-Za-z]*"))
      return Answer.error(422, "'" + name + "' is not a valid class name");
    if (database.aliases().containsKey(name))
      return Answer.error(422, "alias name " + name + " already exists");
    for (String other : database.classes().keySet())
      if (other.equals(name))
        return Answer.error(422, "class name " + name + " already exists");
      else if (other.equalsIgnoreCase(name))
        return Answer.error(422, "class already exists: found similar class \"" + other + "\"");
    database.create((ObjectNode) schema);
    return new Answer(200, schema);
  }

  private Answer one(String method, String name, boolean alias) {
    if (method.equals("DELETE")) {
      boolean known = alias
          ? database.aliases().containsKey(name)
          : database.classes().containsKey(name);
      if (known)
        database.drop(name);
      return Answer.empty(!alias ? 200 : known ? 204 : 404);
    }
    return database.find(name).map(found -> new Answer(200, found.schema()))
        .orElseGet(() -> Answer.empty(404));
  }

  private Answer insert(JsonNode body, Optional<Kind> fault) {
    JsonNode objects = body.path("objects");
    if (objects.isEmpty())
      return Answer.error(422, "invalid param 'objects': cannot be empty, need at least one");
    for (JsonNode object : objects) {
      try {
        UUID.fromString(object.path("id").asText());
      } catch (IllegalArgumentException e) {
        return new Answer(422, JsonNodeFactory.instance.objectNode().put("code", 601).put("message",
            "objects.id in body must be of type uuid"));
      }
    }
    ArrayNode results = JsonNodeFactory.instance.arrayNode();
    int half = (objects.size() + 1) / 2;
    int done = fault.filter(Kind.HALF_BATCH::equals).isPresent() ? half : objects.size();
    for (int i = 0; i < done; i++)
      results.add(result((ObjectNode) objects.get(i), outcome(objects.get(i), i, fault)));
    if (fault.filter(Kind.MISSING_RESULTS::equals).isPresent())
      while (results.size() > half)
        results.remove(results.size() - 1);
    return new Answer(200, results);
  }

  /// Stores an object, or says why not.
  private Optional<String> outcome(JsonNode object, int position, Optional<Kind> fault) {
    boolean second = position % 2 == 0;
    if (fault.filter(Kind.READ_ONLY::equals).isPresent())
      return Optional.of(READ_ONLY);
    if (fault.filter(Kind.OBJECTS_FAIL::equals).isPresent() && second)
      return Optional.of("put object: context deadline exceeded");
    Optional<HeldClass> of = database.find(object.path("class").asText());
    if (of.isEmpty())
      return Optional.of("class '" + object.path("class").asText() + "' not present in schema");
    ObjectNode properties = (ObjectNode) object.path("properties");
    Optional<String> wrong = of.get().fault(properties, Held.vector(object.path("vector")));
    if (wrong.isPresent())
      return wrong;
    boolean kept = fault.filter(Kind.KEPT_UNINDEXED::equals).isPresent() && second;
    database.put(of.get(), object, properties, !kept);
    return kept
        ? Optional.of("insert to vector index: cannot insert: not enough memory")
        : Optional.empty();
  }

  /// The object as it came, and what became of it.
  private static ObjectNode result(ObjectNode object, Optional<String> error) {
    ObjectNode result = object.putObject("result");
    result.put("status", error.isPresent() ? "FAILED" : "SUCCESS");
    error.ifPresent(message -> result.putObject("errors").putArray("error").addObject()
        .put("message", message));
    return object;
  }

  private Answer delete(JsonNode body, Optional<Kind> fault) {
    JsonNode match = body.path("match");
    Optional<HeldClass> of = database.find(match.path("class").asText());
    if (of.isEmpty())
      return Answer.error(422, "validate: failed to get class: " + match.path("class").asText());
    List<String> matching;
    try {
      matching = Database.matching(of.get(), match.path("where"));
    } catch (IllegalArgumentException e) {
      return Answer.error(422, String.valueOf(e.getMessage()));
    }
    boolean readOnly = fault.filter(Kind.READ_ONLY::equals).isPresent();
    List<String> deleted = readOnly
        ? List.of()
        : matching.subList(0, Math.min(database.queryMaximumResults(), matching.size()));
    if (!deleted.isEmpty())
      database.delete(of.get(), deleted);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("dryRun", false).put("output", "minimal").set("match", match);
    ObjectNode results = answer.putObject("results").put("matches", matching.size())
        .put("successful", deleted.size()).put("failed", readOnly ? 1 : 0)
        .put("limit", database.queryMaximumResults())
        .putNull("objects");
    if (readOnly) // one entry for the shard, whether anything matched or not
      results.putArray("objects").addObject().put("status", "FAILED").putObject("errors")
          .putArray("error").addObject().put("message", READ_ONLY);
    return new Answer(200, answer);
  }
}
