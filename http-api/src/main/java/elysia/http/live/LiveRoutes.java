package elysia.http.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.event.EventFilter;
import elysia.core.event.Events;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.http.route.ApiException;
import elysia.http.route.Endpoint;
import elysia.http.route.RequestContext;
import elysia.http.route.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/// `/ws`: the cluster's events as text messages `{"type","data","timestamp"}`. A client that reads
/// slowly misses the oldest of what it has not read and is told how many it missed (`ws:missed`); it
/// never holds up the node or other clients.
public final class LiveRoutes implements Routes {
  record Line(String type, JsonNode data, Instant timestamp) {}

  private static final long RETRY = 30; // seconds
  /// Between looks whether a client's token still holds.
  private static final Duration LOOK = Duration.ofSeconds(1);
  /// Offered beside a token by clients that can set no header; one of those offered must be chosen.
  private static final String PROTOCOL = "elysiactl.events";
  private final Events events;
  private final LiveSettings settings;
  private final AtomicInteger clients = new AtomicInteger();
  private final SharedKillSwitch killSwitch = KillSwitches.shared("websockets");

  public LiveRoutes(Events events, LiveSettings settings, MeterRegistry registry) {
    this.events = events;
    this.settings = settings;
    registry.gauge("elysiactl.http.websocket.clients", clients);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/ws", this::open, "types", "repo"));
  }

  /// Closes all sockets; clients connect to another node.
  public void close() {
    killSwitch.shutdown();
  }

  private CompletionStage<HttpResponse> open(RequestContext context) {
    WebSocketUpgrade upgrade = context.request().getAttribute(AttributeKeys.webSocketUpgrade)
        .orElseThrow(() -> new ApiException(426,
            Problem.of("upgrade_required", "this is a WebSocket",
                "connect with a WebSocket client"),
            List.of(HttpHeader.parse("Upgrade", "websocket"))));
    EventFilter filter = filter(context);
    if (clients.get() >= settings.maxClients())
      throw ApiException.later(503, "busy", "as many WebSocket clients as this node allows", RETRY);
    Source<Message, NotUsed> out = JavaFlowSupport.Source.fromPublisher(events.subscribe(filter))
        .conflateWithSeed(event -> new EventBuffer(settings.buffer()).and(event), EventBuffer::and)
        .via(killSwitch.flow()).mapConcat(EventBuffer::lines).map(LiveRoutes::message)
        .merge(whileAdmitted(context), true);
    Flow<Message, Message, NotUsed> socket = Flow.fromSinkAndSourceCoupled(ignored(), out)
        .watchTermination((_, done) -> counted(done));
    boolean named = false;
    for (String protocol : upgrade.getRequestedProtocols())
      named |= protocol.equals(PROTOCOL);
    return CompletableFuture.completedFuture(named
        ? upgrade.handleMessagesWith(socket, PROTOCOL)
        : upgrade.handleMessagesWith(socket));
  }

  /// Says nothing, and ends when the caller's token does, or when this node knows no tokens for so
  /// long that it lets nobody in.
  private Source<Message, NotUsed> whileAdmitted(RequestContext context) {
    return Source.tick(LOOK, LOOK, context)
        .mapMaterializedValue(_ -> NotUsed.getInstance())
        .takeWhile(caller -> caller.stillAdmitted() instanceof Outcome.Ok)
        .mapConcat(_ -> List.of());
  }

  private NotUsed counted(CompletionStage<Done> done) {
    clients.incrementAndGet();
    done.whenComplete((_, _) -> clients.decrementAndGet());
    return NotUsed.getInstance();
  }

  private static EventFilter filter(RequestContext context) {
    try {
      return new EventFilter(context.texts("types"), context.texts("repo"));
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /// What clients say is read and dropped: an unread streamed message would stall the socket.
  private static Sink<Message, NotUsed> ignored() {
    return Flow.of(Message.class).flatMapConcat(LiveRoutes::parts).to(Sink.ignore());
  }

  private static Source<Object, NotUsed> parts(Message message) {
    return message.isText()
        ? message.asTextMessage().getStreamedText().map(Object.class::cast)
            .mapMaterializedValue(_ -> NotUsed.getInstance())
        : message.asBinaryMessage().getStreamedData().map(Object.class::cast)
            .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private static Message message(Line line) {
    try {
      return TextMessage.create(Json.mapper().writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
