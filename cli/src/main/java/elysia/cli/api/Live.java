package elysia.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.output.Output;
import elysia.cli.process.Failure;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A socket on which a node tells what happens. Best effort: a client that reads too slowly misses
/// the oldest, and what counts is asked for.
public final class Live implements AutoCloseable, WebSocket.Listener {
  private static final int WAITING = 256;
  private static final int LONGEST = 4 * 1024 * 1024;

  private final BlockingQueue<Optional<JsonNode>> events = new ArrayBlockingQueue<>(WAITING);
  private final StringBuilder text = new StringBuilder();
  private volatile boolean closed;
  private volatile @Nullable WebSocket socket;

  Live() {}

  /// The next event.
  ///
  /// @return empty when none came in time, or the socket closed
  public Optional<JsonNode> next(Duration within) {
    try {
      Optional<JsonNode> event = closed && events.isEmpty()
          ? Optional.empty()
          : events.poll(within.toMillis(), TimeUnit.MILLISECONDS);
      return event == null ? Optional.empty() : event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    }
  }

  /// Whether nothing will come any more.
  public boolean ended() {
    return closed && events.isEmpty();
  }

  @Override
  public void onOpen(WebSocket opened) {
    socket = opened;
    opened.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    if (text.length() + data.length() <= LONGEST)
      text.append(data);
    if (last) {
      try {
        offer(Optional.of(Output.lenient().readTree(text.toString())));
      } catch (JsonProcessingException e) { // no event that this client understands
        offer(Optional.empty());
      }
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void offer(Optional<JsonNode> event) {
    while (!events.offer(event))
      events.poll();
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    end();
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    end();
  }

  /// Wakes the thread that waits for an event.
  private void end() {
    closed = true;
    offer(Optional.empty());
  }

  @Override
  public void close() {
    closed = true;
    WebSocket open = socket;
    if (open != null)
      open.abort();
  }
}
