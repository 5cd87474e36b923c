package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;

/// One way to fail, and how often.
///
/// @param times how many requests it meets at most
/// @param probability of meeting a request, 0 to 1
/// @param seed of the dice
/// @param number seconds of `Retry-After`, milliseconds of a delay, or objects, as the kind says
public record Fault(Kind kind, On on, long times, double probability, long seed, long number) {
  /// What happens to the request.
  public enum Kind {
    /// 429 with `Retry-After: number`, nothing done.
    RATE_LIMIT,
    /// 503, nothing done; with `Retry-After: number` when that is more than 1.
    UNAVAILABLE,
    /// 500 `not enough memory`, nothing done.
    OUT_OF_MEMORY,
    /// Each object FAILED with `store is read-only`; deletions delete nothing.
    READ_ONLY,
    /// Every second object FAILED for a reason that passes, and not stored.
    OBJECTS_FAIL,
    /// Every second object FAILED with `insert to vector index`: stored, but not in the vector
    /// index, and not healed by an upsert of the same vector.
    KEPT_UNINDEXED,
    /// Done, but the answer comes after `number` ms.
    DONE_BUT_LATE,
    /// Not done before `number` ms have passed.
    SLOW,
    /// The first half of a batch done, then the connection is cut.
    HALF_BATCH,
    /// Done; 200 with something that is no JSON.
    WRONG_JSON,
    /// Done; the connection is cut in the middle of the answer.
    HALF_ANSWER,
    /// Done, with results for the first half of the objects only.
    MISSING_RESULTS,
    /// The connection is cut, nothing done.
    RESET
  }

  /// Which requests.
  public enum On {
    ANY, BATCH, DELETE, QUERY, SCHEMA
  }

  /// Meets the next `times` requests.
  public static Fault next(Kind kind, On on, long times) {
    return new Fault(kind, on, times, 1, 0, 1);
  }

  /// Meets each request with this probability.
  public static Fault sometimes(Kind kind, On on, double probability, long seed) {
    return new Fault(kind, on, Long.MAX_VALUE, probability, seed, 1);
  }

  /// The same, met by so many requests at most.
  public Fault atMost(long most) {
    return new Fault(kind, on, most, probability, seed, number);
  }

  public Fault withNumber(long n) {
    return new Fault(kind, on, times, probability, seed, n);
  }

  /// From the body of `POST /fault`: `kind`, and optionally `on`, `times`, `probability`, `seed`
  /// and `number`.
  static Fault of(JsonNode json) {
    return new Fault(Kind.valueOf(upper(json, "kind", "")), On.valueOf(upper(json, "on", "any")),
        json.path("times").asLong(json.has("probability") ? Long.MAX_VALUE : 1),
        json.path("probability").asDouble(1), json.path("seed").asLong(0),
        json.path("number").asLong(1));
  }

  /// As the body of `POST /fault`.
  public JsonNode json() {
    return JsonNodeFactory.instance.objectNode().put("kind", kind.name()).put("on", on.name())
        .put("times", times).put("probability", probability).put("seed", seed)
        .put("number", number);
  }

  private static String upper(JsonNode json, String name, String absent) {
    return json.path(name).asText(absent).toUpperCase(Locale.ROOT);
  }
}
