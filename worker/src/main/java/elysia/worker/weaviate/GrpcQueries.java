package elysia.worker.weaviate;

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

  /// Words of a query that this server will never answer. Others that are not known may be those of
  /// a server that is ending, or of something between: such a query is asked again.
  private static final List<String> FINAL = List.of("maximum results exceeded", "no such prop");

  private sealed interface QueryResult {
    record Objects(List<StoredObject> objects) implements QueryResult {}

    record Failed(ServerMessage why) implements QueryResult {}
  }

  private final GrpcConnection connection;
  private final Calls calls;
  private final Classes classes;
  private final ObjectQueries ofAnySize;
  private final AnswerLimit limit;

  /// @param ofAnySize is asked where an answer is larger than the server sends it over gRPC
  GrpcQueries(GrpcConnection connection, Calls calls, Classes classes, GraphQl ofAnySize) {
    this.connection = connection;
    this.calls = calls;
    this.classes = classes;
    this.ofAnySize = ofAnySize;
    this.limit = ofAnySize.limit();
  }

  @Override
  public Outcome<Page> objects(StoreClass target, Where where, int wanted,
      List<String> properties, boolean vector) {
    return limit.within(wanted, asked -> page(target, where, asked, properties, vector));
  }

  private Outcome<Page> page(StoreClass target, Where where, int asked, List<String> properties,
      boolean vector) {
    Outcome<QueryResult> outcome = connection.send(calls,
        new GrpcConnection.Call<>("a query", METHOD,
            true, reply -> new QueryResult.Objects(SearchMessage.objects(reply)),
            GrpcQueries::understood),
        SearchMessage.request(target.name(), where, asked, properties, vector));
    if (outcome instanceof Outcome.Refused<QueryResult>(var problem)
        && problem.code().equals(GrpcConnection.TOO_LARGE))
      return ofAnySize.objects(target, where, asked, properties, vector);
    return outcome.flatMap(answer -> switch (answer) {
      case QueryResult.Objects(var objects) -> Outcome.ok(new Page(objects, asked));
      case QueryResult.Failed(var why) -> failed(target.info().name(), why);
    });
  }

  private static Optional<Outcome<QueryResult>> understood(String words) {
    ServerMessage message = ServerMessage.of(words);
    boolean known = (message.meaning() != ServerMessage.Meaning.FINAL
        && message.meaning() != ServerMessage.Meaning.UNKNOWN)
        || FINAL.stream().anyMatch(words::contains);
    return known ? Optional.of(Outcome.ok(new QueryResult.Failed(message))) : Optional.empty();
  }

  private <T> Outcome<T> failed(CollectionName collection, ServerMessage why) {
    String text = Printable.of(why.text());
    return switch (why.meaning()) {
      case TRANSIENT -> {
        calls.degraded(text);
        yield new Outcome.Busy<>("store_unavailable", "Weaviate: " + text);
      }
      case NO_CLASS -> classes.vanished(collection);
      case FORBIDDEN -> why.forbidden();
      case FINAL, UNKNOWN -> AnswerLimit.refused(text);
    };
  }
}
