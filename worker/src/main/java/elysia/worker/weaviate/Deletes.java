package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.worker.weaviate.Classes.StoreClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// Deletions by filter, repeated until nothing matches: one call deletes only so many.
final class Deletes {
  private static final int IDS = 500;

  private final WeaviateHttp http;
  private final Classes classes;

  Deletes(WeaviateHttp http, Classes classes) {
    this.http = http;
    this.classes = classes;
  }

  Outcome<Unit> ids(StoreClass target, Collection<UUID> ids) {
    List<UUID> all = new ArrayList<>(ids);
    for (int from = 0; from < all.size(); from += IDS) {
      Outcome<Unit> outcome = matching(target,
          Where.ids(all.subList(from, Math.min(all.size(), from + IDS))));
      if (!(outcome instanceof Outcome.Ok))
        return outcome;
    }
    return Unit.ok();
  }

  /// @param why the first of the failures; empty when the server does not say
  private record Result(long matches, long successful, long failed, String why) {}

  Outcome<Unit> matching(StoreClass target, Where where) {
    while (true) {
      Outcome<Result> outcome = once(target, where);
      if (!(outcome instanceof Outcome.Ok<Result>(var result)))
        return outcome.map(_ -> Unit.UNIT);
      if (result.failed() > 0 || (result.matches() > 0 && result.successful() == 0)) {
        String reason = result.why().isEmpty()
            ? "it did not delete " + (result.matches() - result.successful()) + " of "
                + result.matches() + " objects"
            : result.why();
        http.calls().unwritable(reason);
        return new Outcome.Busy<>("store_unavailable", "Weaviate: " + reason);
      }
      if (result.successful() > 0)
        http.calls().wrote();
      if (result.matches() <= result.successful())
        return Unit.ok();
    }
  }

  private Outcome<Result> once(StoreClass target, Where where) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("match").put("class", target.name()).set("where", where.json());
    body.put("output", "minimal");
    return http.send(new WeaviateHttp.Request<>("DELETE", "/v1/batch/objects",
        WeaviateHttp.body(body), true, WeaviateHttp::tree)).flatMap(reply -> switch (reply) {
          case HttpReply.Done<JsonNode>(var json) when json.path("results").isObject() -> {
            JsonNode results = json.path("results");
            yield Outcome.ok(new Result(results.path("matches").asLong(),
                results.path("successful").asLong(), results.path("failed").asLong(),
                ServerMessage.of(results.at("/objects/0/errors/error/0/message").asText())
                    .text()));
          }
          case HttpReply.Done<JsonNode> _ -> new Outcome.Busy<>("store_unavailable",
              "Weaviate answered a deletion without its results");
          case HttpReply.Denied<JsonNode>(_, var message) when message
              .meaning() == ServerMessage.Meaning.NO_CLASS ->
            classes.vanished(target.info().name());
          case HttpReply.Denied<JsonNode>(var status, var message) -> Outcome.refused(
              "store_refused", "Weaviate refuses a deletion (" + status + "): "
                  + message.text());
        });
  }
}
