package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.identity.CollectionName;
import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
import elysia.worker.weaviate.Classes.StoreClass;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;

/// `weaviate.v1.Weaviate/Search` over gRPC, without a search: GraphQL's filters, without reading
/// and checking a text of them.
final class GrpcQueries implements ObjectQueries {
  static final MethodDescriptor<byte[], byte[]> METHOD = GrpcConnection.method("Search");

  private final GrpcConnection connection;
  private final Calls calls;
  private final Classes classes;

  GrpcQueries(GrpcConnection connection, Calls calls, Classes classes) {
    this.connection = connection;
    this.calls = calls;
    this.classes = classes;
  }

  @Override
  public Outcome<JsonNode> objects(StoreClass target, Where where, int limit,
      List<String> properties, boolean vector) {
    Outcome<Optional<JsonNode>> outcome = connection.send(calls, new GrpcConnection.Call<>(
        "a query", METHOD, true, reply -> Optional.of(SearchMessage.objects(reply)),
        this::meaning), SearchMessage.request(target.name(), where, limit, properties, vector));
    CollectionName collection = target.info().name();
    return outcome.flatMap(objects -> objects.map(Outcome::ok)
        .orElseGet(() -> classes.vanished(collection)));
  }

  /// `Ok` of nothing where the class is not there.
  private Optional<Outcome<Optional<JsonNode>>> meaning(String words) {
    ServerMessage message = ServerMessage.of(Printable.of(words));
    return switch (message.meaning()) {
      case TRANSIENT -> Optional.empty();
      case NO_CLASS -> Optional.of(Outcome.ok(Optional.empty()));
      case FORBIDDEN -> Optional.of(message.forbidden());
      case FINAL -> Optional.of(Outcome.refused("store_refused",
          "Weaviate refuses a query: " + message.text()));
    };
  }
}
