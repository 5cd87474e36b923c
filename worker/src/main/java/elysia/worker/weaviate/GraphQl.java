package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import elysia.core.embed.Embedding;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.worker.weaviate.Classes.StoreClass;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Queries. The server answers 200 also for those that failed.
final class GraphQl implements ObjectQueries {
  private final WeaviateHttp http;
  private final Classes classes;
  private final AnswerLimit limit;

  GraphQl(WeaviateHttp http, Classes classes, AnswerLimit limit) {
    this.http = http;
    this.classes = classes;
    this.limit = limit;
  }

  /// Of the server's answers.
  AnswerLimit limit() {
    return limit;
  }

  @Override
  public Outcome<Page> objects(StoreClass target, Where where, int wanted,
      List<String> properties, boolean vector) {
    return limit.within(wanted, asked -> get(target, where(where), asked, properties, vector));
  }

  /// The objects of a class in the order of their ids.
  ///
  /// @param after id of the last one that is known; empty for the first
  Outcome<Page> next(StoreClass target, String after, int wanted, List<String> properties) {
    return limit.within(wanted,
        asked -> get(target, "after:" + Where.text(after) + ",", asked, properties, false));
  }

  private Outcome<Page> get(StoreClass target, String arguments, int asked,
      List<String> properties, boolean vector) {
    return data(target, "{Get{" + target.name() + "(" + arguments + "limit:" + asked + "){"
        + String.join(" ", properties)
        + (vector ? " _additional{id vector}" : " _additional{id}") + "}}}").map(data -> {
          List<StoredObject> objects = new ArrayList<>();
          data.path("Get").path(target.name())
              .forEach(object -> objects.add(StoredObject.of(object)));
          return new Page(objects, asked);
        });
  }

  /// How many objects match.
  Outcome<Long> count(StoreClass target, @Nullable Where where) {
    return aggregate(target, where == null ? "" : "(where:" + where.graphQl() + ")", "meta{count}")
        .map(groups -> groups.at("/0/meta/count").asLong());
  }

  Outcome<JsonNode> aggregate(StoreClass target, String arguments, String fields) {
    return data(target, "{Aggregate{" + target.name() + arguments + "{" + fields + "}}}")
        .map(data -> data.path("Aggregate").path(target.name()));
  }

  /// The answer's `data`, when it holds no error.
  Outcome<JsonNode> data(StoreClass target, String query) {
    BodyPublisher body = WeaviateHttp
        .body(JsonNodeFactory.instance.objectNode().put("query", query));
    return http.send(new WeaviateHttp.Request<>("POST", "/v1/graphql", body, true,
        WeaviateHttp::tree)).flatMap(reply -> switch (reply) {
          case HttpReply.Done<JsonNode>(var json) when json.path("errors").isEmpty() -> Outcome
              .ok(json.path("data"));
          case HttpReply.Done<JsonNode>(var json) -> failed(target.info().name(),
              ServerMessage.of(json.at("/errors/0/message").asText()));
          case HttpReply.Denied<JsonNode>(_, var message) -> failed(target.info().name(), message);
        });
  }

  private <T> Outcome<T> failed(CollectionName collection, ServerMessage message) {
    return switch (message.meaning()) {
      case TRANSIENT -> {
        http.calls().degraded(message.text());
        yield new Outcome.Busy<>("store_unavailable", "Weaviate: " + message.text());
      }
      case NO_CLASS -> classes.vanished(collection);
      case FORBIDDEN -> message.forbidden();
      case FINAL, UNKNOWN -> AnswerLimit.refused(message.text());
    };
  }

  static String near(Embedding vector) {
    StringBuilder text = new StringBuilder(vector.dimension() * 12).append('[');
    for (int i = 0; i < vector.dimension(); i++)
      text.append(i == 0 ? "" : ",").append(vector.at(i));
    return text.append(']').toString();
  }

  static String where(List<Where> filters) {
    return filters.isEmpty()
        ? ""
        : "where:" + Where.and(filters.toArray(Where[]::new)).graphQl() + ",";
  }

  static String where(Where filter) {
    return where(List.of(filter));
  }

  static String where(Optional<Where> filter) {
    return where(filter.stream().toList());
  }
}
