package elysia.worker.weaviate;

import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.StoreHealth;
import elysia.core.store.StoredChunk;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// `weaviate.v1.Weaviate/BatchObjects` over gRPC: vectors travel as bytes, and an answer names only
/// what failed. A server takes a batch so at half the price of REST's.
final class GrpcBatches implements BatchApi {
  static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor
      .<byte[], byte[]>newBuilder().setType(MethodDescriptor.MethodType.UNARY)
      .setFullMethodName("weaviate.v1.Weaviate/BatchObjects").setRequestMarshaller(new Bytes())
      .setResponseMarshaller(new Bytes()).build();

  private static final int TLS_PORT = 443;
  private static final int PORT = 50_051;
  /// The error of each of 1,000 objects.
  private static final int LONGEST_ANSWER = 16 << 20;
  private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("grpc-status-details-bin",
      Metadata.BINARY_BYTE_MARSHALLER);
  private static final String TOO_LARGE = "received message larger than max";
  /// Its own words for a key that it does not know, which come without a code.
  private static final String WRONG_KEY = "unauthorized";

  /// Messages are made and read by [ObjectMessage].
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final WeaviateSettings settings;
  private final Calls calls;
  private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1,
      Thread.ofPlatform().daemon().name("weaviate-grpc-", 0).factory(), NioIoHandler.newFactory());
  private final ManagedChannel connection;
  private final Channel channel;

  /// Opens no connection before the first batch.
  GrpcBatches(WeaviateSettings settings, URI url, Calls calls) {
    this.settings = settings;
    this.calls = calls;
    this.connection = connection(settings, url);
    Metadata headers = new Metadata();
    if (!settings.apiKey().isEmpty())
      headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
          "Bearer " + settings.apiKey());
    this.channel = ClientInterceptors.intercept(connection,
        MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private ManagedChannel connection(WeaviateSettings settings, URI url) {
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? TLS_PORT : PORT;
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(url.getHost(), port)
        .eventLoopGroup(threads).channelType(NioSocketChannel.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.min(Integer.MAX_VALUE, settings.connectTimeout().toMillis()))
        .idleTimeout(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
        .directExecutor().disableRetry().disableServiceConfigLookUp()
        .maxInboundMessageSize(LONGEST_ANSWER);
    try {
      return (tls
          ? builder.sslContext(GrpcSslContexts
              .configure(SslContextBuilder.forClient(), SslProvider.JDK).build())
          : builder.usePlaintext()).build();
    } catch (SSLException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  @Override
  public Optional<Prepared> prepared(String className, StoredChunk chunk) {
    return ObjectMessage.object(className, chunk).map(object -> new Prepared(chunk.id(), object));
  }

  @Override
  public Outcome<Map<UUID, Optional<ServerMessage>>> post(List<Prepared> batch) {
    byte[] request = ObjectMessage.request(batch.stream().map(Prepared::bytes).toList());
    return calls.run(false, () -> attempt(request, batch));
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

  private Attempt<Map<UUID, Optional<ServerMessage>>> attempt(byte[] request,
      List<Prepared> batch) {
    if (connection.getState(false) == ConnectivityState.TRANSIENT_FAILURE)
      connection.enterIdle(); // when to try again is for the circuit breaker to say
    try {
      byte[] reply = ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT
          .withDeadlineAfter(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS), request);
      return calls.done(Outcome.ok(results(ObjectMessage.errors(reply), batch)));
    } catch (StatusRuntimeException e) {
      return Thread.currentThread().isInterrupted() ? calls.interrupted() : judge(e);
    } catch (IOException e) {
      return failed("its answer cannot be read");
    }
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

  private Attempt<Map<UUID, Optional<ServerMessage>>> judge(StatusRuntimeException e) {
    Status status = e.getStatus();
    String told = status.getCode() + described(status);
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> calls.done(settings.unauthorized("gRPC: " + told));
      case UNKNOWN -> told.contains(WRONG_KEY)
          ? calls.done(settings.unauthorized("gRPC: " + told))
          : failed(told);
      case UNIMPLEMENTED -> calls.done(Outcome.refused("store_address",
          "Weaviate's gRPC takes no batches (" + told + ")",
          "set WEAVIATE_GRPC_URL to the server's gRPC port (50051), or to nothing: batches then go "
              + "to WEAVIATE_URL"));
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> refused(told);
      case RESOURCE_EXHAUSTED -> usageLimit(e.getTrailers())
          ? calls.done(WeaviateSettings.full(told))
          : told.contains(TOO_LARGE) ? refused(told) : calls.limited(Optional.empty(), true);
      case DEADLINE_EXCEEDED -> {
        connection.enterIdle(); // a connection that answers nothing is not asked again
        yield failed("no answer within " + settings.requestTimeout().toMillis() + " ms");
      }
      default -> failed(told);
    };
  }

  /// What is said, and why; of an answer that is none its headers follow, which nobody shall see.
  private static String described(Status status) {
    StringBuilder text = new StringBuilder();
    if (status.getDescription() != null)
      text.append(": ").append(status.getDescription().lines().findFirst().orElse(""));
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null)
      cause = cause.getCause();
    if (cause != null)
      text.append(" (").append(cause.getMessage() == null
          ? cause.getClass().getSimpleName()
          : cause.getMessage().lines().findFirst().orElse("")).append(')');
    return Printable.of(text.toString());
  }

  private static boolean usageLimit(@Nullable Metadata trailers) {
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    return details != null
        && new String(details, StandardCharsets.ISO_8859_1).contains("USAGE_LIMIT_EXCEEDED");
  }

  private <T> Attempt<T> failed(String reason) {
    return calls.failed(reason, Optional.empty(), true);
  }

  private <T> Attempt<T> refused(String told) {
    return calls.done(Outcome.refused("store_refused", "Weaviate refuses a batch (" + told + ")"));
  }

  @Override
  public void close() {
    connection.shutdownNow();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
