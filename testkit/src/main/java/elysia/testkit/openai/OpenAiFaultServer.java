package elysia.testkit.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A service on 127.0.0.1 that speaks OpenAI's `/v1/embeddings`, and fails as told: by its methods
/// in a test, by HTTP when it runs as a process of its own.
///
/// ```
/// GET    /control            {"requests": …, "texts": …, "faults": […]}
/// POST   /control/faults     adds a Fault: {"kind": "STATUS", "status": 429, "times": 3,
///                            "headers": {"Retry-After": "5"}}; absent: once, for certain
/// DELETE /control/faults     heals
/// PATCH  /control/behaviour  changes what is given of the Behaviour: {"poison": "bad"}
/// ```
///
public final class OpenAiFaultServer implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final RandomGenerator random;
  private final List<Fault> faults = new ArrayList<>();
  private final List<Integer> batches = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private Behaviour behaviour;
  private long texts;

  private OpenAiFaultServer(ServerSocket listener, Behaviour behaviour, long seed) {
    this.listener = listener;
    this.behaviour = behaviour;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /// @param port 0 for any free one
  public static OpenAiFaultServer start(int port, Behaviour behaviour, long seed) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      OpenAiFaultServer server = new OpenAiFaultServer(listener, behaviour, seed);
      server.threads.execute(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Arguments: port, model, dimension, seed. Runs until the process is ended.
  public static void main(String[] args) throws InterruptedException {
    try (OpenAiFaultServer server = start(Integer.parseInt(args[0]),
        Behaviour.of(args[1], Integer.parseInt(args[2])), Long.parseLong(args[3]))) {
      server.closed.await();
    }
  }

  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  public synchronized void add(Fault fault) {
    faults.add(fault);
  }

  public synchronized void heal() {
    faults.clear();
  }

  public synchronized void behave(Behaviour value) {
    behaviour = value;
  }

  /// How many texts each embedding request had, in order of arrival.
  public synchronized List<Integer> batches() {
    return List.copyOf(batches);
  }

  /// The last embedding request's body.
  public synchronized String lastBody() {
    return bodies.getLast();
  }

  /// How many texts were answered with a vector.
  public synchronized long texts() {
    return texts;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException _) {
      closed.countDown(); // by close()
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (Http.Request r = Http.read(in); r != null && !socket.isClosed(); r = Http.read(in))
        if (r.path().startsWith("/control"))
          write(socket, control(r));
        else
          answer(socket, r);
    } catch (IOException | InterruptedException _) {
      return; // the client went away, or the server ends
    } finally {
      open.remove(socket);
    }
  }

  private static void write(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  private byte[] control(Http.Request request) throws IOException {
    switch (request.method() + " " + request.path()) {
      case "GET /control" -> {
        synchronized (this) {
          return Http.response(200, Map.of(), MAPPER.writeValueAsBytes(
              Map.of("requests", batches.size(), "texts", texts, "faults", List.copyOf(faults))));
        }
      }
      case "POST /control/faults" ->
        add(changed(Fault.of(Fault.Kind.SLOW, 1), request.body(), Fault.class));
      case "DELETE /control/faults" -> heal();
      case "PATCH /control/behaviour" -> {
        synchronized (this) {
          behaviour = changed(behaviour, request.body(), Behaviour.class);
        }
      }
      default -> {
        return Http.response(404, Map.of(), new byte[0]);
      }
    }
    return Http.response(200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static <T> T changed(T defaults, String json, Class<T> type) throws IOException {
    ObjectNode merged = MAPPER.valueToTree(defaults);
    MAPPER.readTree(json).properties().forEach(p -> merged.set(p.getKey(), p.getValue()));
    return MAPPER.treeToValue(merged, type);
  }

  private void answer(Socket socket, Http.Request request)
      throws IOException, InterruptedException {
    JsonNode body = MAPPER.readTree(request.body());
    Behaviour now;
    Optional<Fault> fault;
    synchronized (this) {
      batches.add(body.path("input").size());
      bodies.clear();
      bodies.add(request.body());
      now = behaviour;
      fault = nextFault();
    }
    byte[] bytes = new Reply(now, body, fault.map(Fault::kind)).bytes(request);
    if (fault.isEmpty()) {
      write(socket, bytes);
      count(bytes, body);
      return;
    }
    switch (fault.get().kind()) {
      case STATUS -> write(socket, Http.response(fault.get().status(), fault.get().headers(),
          fault.get().body().getBytes(StandardCharsets.UTF_8)));
      case GARBAGE -> write(socket, Http.response(200, Map.of(),
          fault.get().body().getBytes(StandardCharsets.UTF_8)));
      case SLOW -> {
        Thread.sleep(fault.get().millis());
        write(socket, bytes);
        count(bytes, body);
      }
      case HANG -> closed.await();
      case RESET -> Http.reset(socket);
      case RESET_IN_ANSWER -> {
        write(socket, Arrays.copyOf(bytes, bytes.length / 2));
        Http.reset(socket);
      }
      case ENDLESS -> {
        write(socket, "HTTP/1.1 200 -\r\nContent-Length: 99999999999\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1));
        while (closed.getCount() > 0)
          write(socket, new byte[8192]);
      }
      default -> write(socket, bytes);
    }
  }

  private synchronized void count(byte[] bytes, JsonNode body) {
    if (new String(bytes, 0, 12, StandardCharsets.ISO_8859_1).endsWith("200"))
      texts += body.path("input").size();
  }

  /// The first that hits.
  private Optional<Fault> nextFault() {
    for (int i = 0; i < faults.size(); i++) {
      Fault fault = faults.get(i);
      if (random.nextDouble() >= fault.probability())
        continue;
      if (fault.times() == 1)
        faults.remove(i);
      else
        faults.set(i, fault.once());
      return Optional.of(fault);
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    try {
      closed.countDown();
      listener.close();
      for (Socket socket : open)
        socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
