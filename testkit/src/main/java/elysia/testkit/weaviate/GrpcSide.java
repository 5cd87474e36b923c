package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import elysia.testkit.weaviate.Api.Answer;
import elysia.testkit.weaviate.Fault.Kind;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;

/// The server's gRPC port, on 127.0.0.1: it takes batches of objects, and queries.
final class GrpcSide implements AutoCloseable {
  /// What the server does with a request of REST and a fault that it has met.
  @FunctionalInterface
  interface Rest {
    Answer answer(String method, String path, JsonNode body, Optional<Kind> fault);
  }

  /// Makes a message what REST brings.
  @FunctionalInterface
  private interface Reader {
    ObjectNode body(byte[] message) throws IOException;
  }

  /// Makes what REST answers a message.
  @FunctionalInterface
  private interface Writer {
    /// @throws StatusRuntimeException when the answer is an error
    byte[] message(JsonNode answer) throws IOException;
  }

  private record Call(Fault.On on, String path, Reader reader, Writer writer) {}

  private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
      Metadata.ASCII_STRING_MARSHALLER);
  private static final int REPLY_ERRORS = 2;

  private final Server server;
  private final Faults faults;
  private final Rest rest;

  GrpcSide(int port, String apiKey, Executor threads, Faults faults, Rest rest)
      throws IOException {
    this.faults = faults;
    this.rest = rest;
    this.server = NettyServerBuilder
        .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .executor(threads).maxInboundMessageSize(64 << 20)
        .addService(ServerInterceptors.intercept(ServerServiceDefinition
            .builder("weaviate.v1.Weaviate")
            .addMethod(method("BatchObjects"), ServerCalls.asyncUnaryCall(
                serving(new Call(Fault.On.BATCH, "/v1/batch/objects", BatchMessage::objects,
                    GrpcSide::errors))))
            .addMethod(method("Search"), ServerCalls.asyncUnaryCall(
                serving(new Call(Fault.On.QUERY, "/v1/graphql", QueryMessage::query,
                    QueryMessage::reply))))
            .build(), new Keeper(apiKey)))
        .build().start();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("weaviate.v1.Weaviate/" + name).setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes()).build();
  }

  int port() {
    return server.getPort();
  }

  private record Keeper(String apiKey) implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
        ServerCallHandler<Q, R> next) {
      if (apiKey.isEmpty() || ("Bearer " + apiKey).equals(headers.get(AUTHORIZATION)))
        return next.startCall(call, headers);
      call.close(Status.UNAUTHENTICATED.withDescription("anonymous access not enabled"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

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

  private ServerCalls.UnaryMethod<byte[], byte[]> serving(Call call) {
    return (request, client) -> {
      try {
        serve(call, call.reader().body(request), client);
      } catch (IOException e) {
        client.onError(Status.INTERNAL.withDescription("grpc: error unmarshalling request")
            .asRuntimeException());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        client.onError(Status.UNAVAILABLE.asRuntimeException());
      } catch (StatusRuntimeException e) {
        client.onError(e);
      }
    };
  }

  private void serve(Call call, ObjectNode body, StreamObserver<byte[]> client)
      throws IOException, InterruptedException {
    if (call.on() == Fault.On.BATCH && body.path("objects").isEmpty()) {
      client.onNext(new byte[0]);
      client.onCompleted();
      return;
    }
    Optional<Fault> fault = faults.meet(call.on());
    Optional<Status> instead = fault.flatMap(f -> instead(f.kind()));
    if (instead.isPresent())
      throw instead.get().asRuntimeException();
    if (is(fault, Kind.SLOW))
      Thread.sleep(Duration.ofMillis(fault.orElseThrow().number()));
    Answer answer = rest.answer("POST", call.path(), body, fault.map(Fault::kind));
    if (is(fault, Kind.DONE_BUT_LATE))
      Thread.sleep(Duration.ofMillis(fault.orElseThrow().number()));
    if (is(fault, Kind.HALF_BATCH) || answer.status() != 200)
      throw Status.UNAVAILABLE.withDescription("the connection is cut").asRuntimeException();
    byte[] reply = call.writer().message(answer.body());
    boolean half = is(fault, Kind.HALF_ANSWER)
        || (call.on() == Fault.On.BATCH && is(fault, Kind.MISSING_RESULTS));
    client.onNext(is(fault, Kind.WRONG_JSON)
        ? new byte[]{(byte) 0xff, (byte) 0xff}
        : half ? Arrays.copyOf(reply, reply.length - 1) : reply);
    client.onCompleted();
  }

  private static boolean is(Optional<Fault> fault, Kind kind) {
    return fault.isPresent() && fault.get().kind() == kind;
  }

  /// Faults before anything is done.
  private static Optional<Status> instead(Kind kind) {
    return switch (kind) {
      case RATE_LIMIT -> Optional.of(
          Status.RESOURCE_EXHAUSTED.withDescription("too many requests"));
      case UNAVAILABLE -> Optional.of(
          Status.UNAVAILABLE.withDescription("read-only mode is enabled"));
      case OUT_OF_MEMORY -> Optional.of(
          Status.UNKNOWN.withDescription("cannot process batch: not enough memory"));
      case RESET -> Optional.of(Status.UNAVAILABLE.withDescription("Connection reset"));
      default -> Optional.empty();
    };
  }

  /// `took`, and the errors by their place.
  private static byte[] errors(JsonNode results) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (int i = 0; i < results.size(); i++) {
      JsonNode error = results.get(i).at("/result/errors/error/0/message");
      if (error.isTextual()) {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        CodedOutputStream fields = CodedOutputStream.newInstance(one);
        if (i > 0)
          fields.writeInt32(1, i);
        fields.writeString(2, error.textValue());
        fields.flush();
        out.writeByteArray(REPLY_ERRORS, one.toByteArray());
      }
    }
    out.writeFloat(1, 0.001f);
    out.flush();
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
