package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.StoreHealth;
import elysia.core.store.StoredChunk;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// `weaviate.v1.Weaviate/BatchObjects` over gRPC: vectors travel as bytes, and an answer names only
/// what failed. A server takes a batch so at half the price of REST's.
final class GrpcBatches implements BatchApi {
  static final MethodDescriptor<byte[], byte[]> METHOD = GrpcConnection.method("BatchObjects");

  private final GrpcConnection connection;
  private final Calls calls;

  GrpcBatches(GrpcConnection connection, Calls calls) {
    this.connection = connection;
    this.calls = calls;
  }

  @Override
  public Optional<Prepared> prepared(String className, StoredChunk chunk) {
    return ObjectMessage.object(className, chunk).map(object -> new Prepared(chunk.id(), object));
  }

  @Override
  public Outcome<Map<UUID, Optional<ServerMessage>>> post(List<Prepared> batch) {
    return connection.send(calls, new GrpcConnection.Call<>("a batch", METHOD, false,
        reply -> results(ObjectMessage.errors(reply), batch), _ -> Optional.empty()),
        ObjectMessage.request(batch.stream().map(Prepared::bytes).toList()));
  }

  private static Map<UUID, Optional<ServerMessage>> results(Map<Integer, String> errors,
      List<Prepared> batch) throws IOException {
    if (errors.keySet().stream().anyMatch(index -> index < 0 || index >= batch.size()))
      throw new IOException("an error of no object");
    Map<UUID, Optional<ServerMessage>> results = new HashMap<>();
    for (int i = 0; i < batch.size(); i++)
      results.put(batch.get(i).id(), Optional.ofNullable(errors.get(i)).map(ServerMessage::of));
    return results;
  }

  /// A batch of nothing.
  @Override
  public Outcome<Unit> ready() {
    return post(List.of()).map(_ -> Unit.UNIT);
  }

  @Override
  public StoreHealth health() {
    return calls.health();
  }
}
