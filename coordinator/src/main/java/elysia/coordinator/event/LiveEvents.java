package elysia.coordinator.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import elysia.core.event.Event;
import elysia.core.event.EventFilter;
import elysia.core.event.Events;
import elysia.core.json.Json;
import elysia.core.wire.Wire;
import java.time.Instant;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.jspecify.annotations.Nullable;

/// Events of all nodes by a cluster-wide topic. Best effort: a slow watcher misses events, and the
/// journal is the truth.
public final class LiveEvents implements Events, AutoCloseable {
  /// An event on its way between nodes.
  ///
  /// @param data JSON text
  record Notice(String type, String repo, String data, Instant timestamp) implements Wire {}

  private static final int BUFFER = 256;

  private final SubmissionPublisher<Event> publisher = new SubmissionPublisher<>(Runnable::run,
      BUFFER);
  private final ActorRef<Topic.Command<Notice>> topic;

  /// Spawns its actors as children of the given context, whose thread must call this.
  public LiveEvents(ActorContext<?> context) {
    this.topic = context.spawn(Topic.create(Notice.class, "elysia-events"), "events");
    ActorRef<Notice> receiver = context.spawn(Behaviors.receiveMessage(notice -> {
      offer(notice);
      return Behaviors.same();
    }), "events-receiver");
    topic.tell(Topic.subscribe(receiver));
  }

  /// Tells every node. Never blocks.
  public void publish(Event event) {
    topic.tell(Topic.publish(
        new Notice(event.type(), event.repo(), event.data().toString(), event.timestamp())));
  }

  private void offer(Notice notice) {
    if (!publisher.hasSubscribers())
      return;
    try {
      publisher.offer(new Event(notice.type(), notice.repo(), Json.mapper().readTree(notice.data()),
          notice.timestamp()), (_, _) -> false);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event that is no JSON", e);
    }
  }

  @Override
  public Flow.Publisher<Event> subscribe(EventFilter filter) {
    return subscriber -> publisher.subscribe(new Filtered(filter, subscriber));
  }

  /// Passes on what matches, asking for one more for each that does not.
  private static final class Filtered implements Flow.Subscriber<Event> {
    private final EventFilter filter;
    private final Flow.Subscriber<? super Event> downstream;
    private Flow.@Nullable Subscription upstream;

    Filtered(EventFilter filter, Flow.Subscriber<? super Event> downstream) {
      this.filter = filter;
      this.downstream = downstream;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      upstream = subscription;
      downstream.onSubscribe(subscription);
    }

    @Override
    public void onNext(Event event) {
      if (filter.matches(event))
        downstream.onNext(event);
      else if (upstream != null)
        upstream.request(1);
    }

    @Override
    public void onError(Throwable error) {
      downstream.onError(error);
    }

    @Override
    public void onComplete() {
      downstream.onComplete();
    }
  }

  @Override
  public void close() {
    publisher.close();
  }
}
