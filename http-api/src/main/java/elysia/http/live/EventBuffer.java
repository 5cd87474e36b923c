package elysia.http.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.event.Event;
import elysia.http.live.LiveRoutes.Line;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Events that wait until a client reads: the newest, and how many older ones were dropped. Used by
/// one thread at a time.
final class EventBuffer {
  private final int most;
  private final Deque<Event> newest = new ArrayDeque<>();
  private long missed;

  EventBuffer(int most) {
    this.most = most;
  }

  EventBuffer and(Event event) {
    newest.add(event);
    if (newest.size() > most) {
      newest.remove();
      missed++;
    }
    return this;
  }

  /// What the client is sent: first what it missed.
  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    if (missed > 0)
      lines.add(new Line("ws:missed", JsonNodeFactory.instance.objectNode().put("events", missed),
          newest.element().timestamp()));
    for (Event event : newest)
      lines.add(line(event));
    return lines;
  }

  private static Line line(Event event) {
    JsonNode data = event.data();
    if (data instanceof ObjectNode object && !object.has("repo"))
      data = object.deepCopy().put("repo", event.repo());
    return new Line(event.type(), data, event.timestamp());
  }
}
