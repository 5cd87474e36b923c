package elysia.worker.weaviate;

import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The server's gRPC port: one connection, and what its answers mean. Thread-safe.
final class GrpcConnection implements AutoCloseable {
  private static final int TLS_PORT = 443;
  private static final int PORT = 50_051;
  /// More than the server sends (100 MB, by default).
  private static final int LONGEST_ANSWER = 128 << 20;
  private static final Metadata.Key<byte[]> DETAILS = Metadata.Key.of("grpc-status-details-bin",
      Metadata.BINARY_BYTE_MARSHALLER);
  /// Code of the problem with a message that one of the two sides does not take or send.
  static final String TOO_LARGE = "message_too_large";
  private static final List<String> LARGER = List.of("larger than max", "exceeds maximum size");
  /// Its own words for a key that it does not know, which come without a code.
  private static final String WRONG_KEY = "unauthorized";
  /// The client's words for an answer of another protocol.
  private static final String NO_GRPC = "HTTP status code";

  /// Messages are made and read by [ObjectMessage] and [SearchMessage].
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

  /// Reads an answer.
  @FunctionalInterface
  interface Reader<T> {
    /// @throws IOException when it is none
    T read(byte[] reply) throws IOException;
  }

  /// What the words of an answer without a code mean to who asked.
  @FunctionalInterface
  interface OwnWords<T> {
    /// @return empty when they say that the server does not work
    Optional<Outcome<T>> meaning(String words);
  }

  /// @param what its name in messages
  /// @param repeatable whether it may be sent again when it is unknown what became of it
  record Call<T>(String what, MethodDescriptor<byte[], byte[]> method, boolean repeatable,
      Reader<T> reader, OwnWords<T> words) {}

  private final WeaviateSettings settings;
  private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1,
      Thread.ofPlatform().daemon().name("weaviate-grpc-", 0).factory(), NioIoHandler.newFactory());
  private final ManagedChannel connection;
  private final Channel channel;

  /// Opens no connection before the first call.
  GrpcConnection(WeaviateSettings settings, URI url) {
    this.settings = settings;
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

  /// A call of the server's service.
  static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("weaviate.v1.Weaviate/" + name).setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes()).build();
  }

  /// Sends a request, as often as one call may.
  <T> Outcome<T> send(Calls calls, Call<T> call, byte[] message) {
    return calls.run(call.repeatable(), () -> once(calls, call, message));
  }

  private <T> RequestResult<T> once(Calls calls, Call<T> call, byte[] message) {
    if (connection.getState(false) == ConnectivityState.TRANSIENT_FAILURE)
      connection.enterIdle(); // when to try again is for the circuit breaker to say
    try {
      byte[] reply = ClientCalls.blockingUnaryCall(channel, call.method(), CallOptions.DEFAULT
          .withDeadlineAfter(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS),
          message);
      return calls.done(Outcome.ok(call.reader().read(reply)));
    } catch (StatusRuntimeException e) {
      return Thread.currentThread().isInterrupted()
          ? calls.interrupted()
          : judge(calls, call, e);
    } catch (IOException e) {
      return failed(calls, "its answer cannot be read");
    }
  }

  private <T> RequestResult<T> judge(Calls calls, Call<T> call, StatusRuntimeException e) {
    Status status = e.getStatus();
    String told = status.getCode() + described(status);
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> calls.done(settings.unauthorized("gRPC: " + told));
      case UNKNOWN -> told.contains(WRONG_KEY)
          ? calls.done(settings.unauthorized("gRPC: " + told))
          : ownWords(status).flatMap(call.words()::meaning).map(calls::done)
              .orElseGet(() -> failed(calls, told));
      case UNIMPLEMENTED -> calls.done(Outcome.refused("store_address",
          "Weaviate's gRPC does not take " + call.what() + " (" + told + ")",
          "set WEAVIATE_GRPC_URL to the server's gRPC port (50051), or to nothing: all then goes "
              + "to WEAVIATE_URL"));
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> refused(calls, call, told);
      case RESOURCE_EXHAUSTED -> usageLimit(e.getTrailers())
          ? calls.done(WeaviateSettings.full(told))
          : LARGER.stream().anyMatch(told::contains)
              ? calls.done(Outcome.refused(TOO_LARGE, "Weaviate's gRPC does not take "
                  + call.what() + " of this size (" + told + ")",
                  "raise GRPC_MAX_MESSAGE_SIZE at the server"))
              : calls.limited(Optional.empty(), true);
      case DEADLINE_EXCEEDED -> {
        connection.enterIdle(); // a connection that answers nothing is not asked again
        yield failed(calls, "no answer within " + settings.requestTimeout().toMillis() + " ms");
      }
      default -> failed(calls, told);
    };
  }

  private static Optional<String> ownWords(Status status) {
    return Optional.ofNullable(status.getDescription())
        .filter(words -> status.getCause() == null && !words.startsWith(NO_GRPC));
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

  private static <T> RequestResult<T> failed(Calls calls, String reason) {
    return calls.failed(reason, Optional.empty(), true);
  }

  private static <T> RequestResult<T> refused(Calls calls, Call<T> call, String told) {
    return calls.done(Outcome.refused("store_refused",
        "Weaviate refuses " + call.what() + " (" + told + ")"));
  }

  @Override
  public void close() {
    connection.shutdownNow();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
