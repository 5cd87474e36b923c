package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.store.CollectionInfo;
import elysia.worker.weaviate.WeaviateHttp.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The collections of this store as classes of the server. Remembers for a while which
/// exist. Thread-safe.
final class Classes {
  /// @param name the class itself, even when the collection is known by an alias of it
  /// @param flat whether its vector index compares with every vector
  record StoreClass(String name, CollectionInfo info, boolean flat) {}

  private record Remembered(StoreClass found, Instant until) {}

  private final WeaviateHttp http;
  private final WeaviateSettings.IndexType indexType;
  private final ModuleSettings module;
  private final Duration memory;
  private final InstantSource clock;
  private final ConcurrentHashMap<CollectionName, Remembered> remembered = new ConcurrentHashMap<>();

  Classes(WeaviateHttp http, WeaviateSettings settings, InstantSource clock) {
    this.http = http;
    this.indexType = settings.indexType();
    this.module = settings.module();
    this.memory = settings.classCache();
    this.clock = clock;
  }

  /// `Refused` with `collection_not_found` when there is none.
  Outcome<StoreClass> required(CollectionName collection) {
    return find(collection).flatMap(found -> found.<Outcome<StoreClass>>map(Outcome::ok)
        .orElseGet(() -> missing(collection)));
  }

  static <T> Outcome<T> missing(CollectionName collection) {
    return Outcome.refused("collection_not_found",
        "collection: " + collection + " does not exist in Weaviate");
  }

  Outcome<Optional<StoreClass>> find(CollectionName collection) {
    Remembered known = remembered.get(collection);
    if (known != null && clock.instant().isBefore(known.until()))
      return Outcome.ok(Optional.of(known.found()));
    return look(collection).map(found -> found instanceof Found.Ours(var ours)
        ? Optional.of(ours)
        : Optional.empty());
  }

  void forget(CollectionName collection) {
    remembered.remove(collection);
  }

  /// After an answer that knows no such class.
  <T> Outcome<T> vanished(CollectionName collection) {
    forget(collection);
    return required(collection)
        .flatMap(_ -> new Outcome.Busy<>("store_unavailable",
            "the class of " + collection + " is being created again"));
  }

  private sealed interface Found {
    record Nothing() implements Found {}

    record Ours(StoreClass ours) implements Found {}

    record Foreign(String why) implements Found {}
  }

  private Outcome<Found> look(CollectionName collection) {
    String wanted = ClassSchema.className(collection);
    Outcome<Found> outcome = http
        .send(new Request<>("GET", "/v1/schema/" + wanted, null, true, WeaviateHttp::tree))
        .flatMap(reply -> switch (reply) {
          case HttpReply.Done<JsonNode>(var json) -> Outcome.ok(read(collection, wanted, json));
          case HttpReply.Denied<JsonNode>(var status, _) when status == 404 -> Outcome
              .ok(new Found.Nothing());
          case HttpReply.Denied<JsonNode>(var status, var message) -> denied("look at", collection,
              status, message);
        });
    if (outcome instanceof Outcome.Ok<Found>(Found.Ours(var ours)))
      remembered.put(collection, new Remembered(ours, clock.instant().plus(memory)));
    else
      remembered.remove(collection);
    return outcome;
  }

  private static Found read(CollectionName collection, String wanted, JsonNode json) {
    String name = json.path("class").asText(wanted);
    Optional<CollectionInfo> info = ClassSchema.read(json);
    if (info.isEmpty())
      return new Found.Foreign("class " + name + " was not made by elysiactl");
    boolean alias = !name.equals(wanted);
    if (!alias && !info.get().name().equals(collection))
      return new Found.Foreign(
          "class " + name + " already holds the collection " + info.get().name());
    return new Found.Ours(new StoreClass(name, new CollectionInfo(collection, info.get().model()),
        ClassSchema.flat(json)));
  }

  private static <T> Outcome<T> denied(String what, CollectionName collection, int status,
      ServerMessage message) {
    return Outcome.refused("store_refused", "Weaviate does not let us " + what + " the class of "
        + collection + " (" + status + "): " + message.text());
  }

  Outcome<CollectionInfo> create(CollectionName collection, EmbeddingModel model) {
    return look(collection).flatMap(found -> switch (found) {
      case Found.Ours(var ours) -> same(ours, model);
      case Found.Foreign(var why) -> taken(collection, why);
      case Found.Nothing() -> post(collection, model);
    });
  }

  private Outcome<CollectionInfo> post(CollectionName collection, EmbeddingModel model) {
    return http.send(new Request<>("POST", "/v1/schema",
        WeaviateHttp.body(ClassSchema.write(collection, model, indexType, module.config(model))),
        true,
        WeaviateHttp::tree)).flatMap(reply -> switch (reply) {
          case HttpReply.Done<JsonNode> _ -> look(collection).flatMap(found -> switch (found) {
            case Found.Ours(var ours) -> same(ours, model);
            case Found.Foreign(var why) -> taken(collection, why);
            case Found.Nothing() ->
              new Outcome.Busy<>("store_unavailable", "the class is not visible yet");
          });
          case HttpReply.Denied<JsonNode>(var status, var message) when status == 422 -> look(
              collection).flatMap(found -> switch (found) { // another process may have been quicker
                case Found.Ours(var ours) -> same(ours, model);
                case Found.Foreign(var why) -> taken(collection, why);
                case Found.Nothing() -> message.text().contains("found similar class")
                    ? taken(collection, "Weaviate has a class whose name differs only in case")
                    : denied("create", collection, status, message);
              });
          case HttpReply.Denied<JsonNode>(var status, var message) -> denied("create", collection,
              status, message);
        });
  }

  private static Outcome<CollectionInfo> same(StoreClass ours, EmbeddingModel model) {
    EmbeddingModel present = ours.info().model();
    return present.sameVectors(model)
        ? Outcome.ok(ours.info())
        : Outcome.refused("model_mismatch",
            "collection: " + ours.info().name() + " holds vectors of " + present + ", not of "
                + model,
            "use another collection, or delete this one and index again");
  }

  private static <T> Outcome<T> taken(CollectionName collection, String why) {
    return Outcome.refused("collection_name_taken", "collection: " + collection + ": " + why,
        "choose another name");
  }

  Outcome<List<CollectionInfo>> all() {
    return http.send(new Request<>("GET", "/v1/schema", null, true, WeaviateHttp::tree))
        .flatMap(reply -> switch (reply) {
          case HttpReply.Done<JsonNode>(var json) -> {
            List<CollectionInfo> infos = new ArrayList<>();
            json.path("classes").forEach(c -> ClassSchema.read(c).ifPresent(infos::add));
            infos.sort(Comparator.comparing(CollectionInfo::name));
            yield Outcome.ok(List.copyOf(infos));
          }
          case HttpReply.Denied<JsonNode>(var status, var message) ->
            Outcome.refused("store_refused",
                "Weaviate does not list its classes (" + status + "): " + message.text(),
                "check WEAVIATE_URL");
        });
  }

  /// The names that stand for the class of a collection, itself or an alias of it. A server that
  /// knows no aliases has none.
  Outcome<Set<CollectionName>> sameAs(CollectionName collection, Set<CollectionName> others) {
    return look(collection).flatMap(found -> {
      String own = found instanceof Found.Ours(var ours)
          ? ours.name()
          : ClassSchema.className(collection);
      return http.send(new Request<>("GET", "/v1/aliases", null, true, WeaviateHttp::tree))
          .flatMap(reply -> switch (reply) {
            case HttpReply.Done<JsonNode>(var json) -> Outcome.ok(named(own, json, others));
            case HttpReply.Denied<JsonNode>(var status, _) when status == 404 -> Outcome
                .ok(named(own, MissingNode.getInstance(), others));
            case HttpReply.Denied<JsonNode>(var status, var message) -> denied(
                "list the aliases of", collection, status, message);
          });
    });
  }

  private static Set<CollectionName> named(String className, JsonNode aliases,
      Set<CollectionName> others) {
    Set<String> names = new HashSet<>(Set.of(className));
    aliases.path("aliases").forEach(alias -> {
      if (alias.path("class").asText().equals(className))
        names.add(alias.path("alias").asText());
    });
    return others.stream().filter(other -> names.contains(ClassSchema.className(other)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Deletes the class, and the alias when the collection is known by one.
  Outcome<Boolean> drop(CollectionName collection) {
    return look(collection).flatMap(found -> switch (found) {
      case Found.Nothing() -> Outcome.ok(false);
      case Found.Foreign _ -> Outcome.ok(false);
      case Found.Ours(var ours) -> {
        String alias = ClassSchema.className(collection);
        yield (alias.equals(ours.name())
            ? Outcome.ok(true)
            : delete("/v1/aliases/" + alias, collection))
            .flatMap(_ -> delete("/v1/schema/" + ours.name(), collection));
      }
    });
  }

  private Outcome<Boolean> delete(String path, CollectionName collection) {
    Outcome<Boolean> outcome = http
        .send(new Request<>("DELETE", path, null, true, WeaviateHttp::tree))
        .flatMap(reply -> switch (reply) {
          case HttpReply.Done<JsonNode> _ -> Outcome.ok(true);
          case HttpReply.Denied<JsonNode>(var status, _) when status == 404 -> Outcome.ok(true);
          case HttpReply.Denied<JsonNode>(var status, var message) -> denied("delete", collection,
              status, message);
        });
    forget(collection);
    return outcome;
  }
}
