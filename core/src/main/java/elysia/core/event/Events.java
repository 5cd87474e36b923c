package elysia.core.event;

import java.util.concurrent.Flow;

/// The cluster's events as they happen. Best effort: the journal is the truth, a watcher that needs
/// all of it reads the log.
public interface Events {
  /// Events from now on, those of every node. Never blocks; each subscription of the publisher
  /// stands alone, and one that is slow to ask for more misses events rather than holding up others.
  Flow.Publisher<Event> subscribe(EventFilter filter);
}
