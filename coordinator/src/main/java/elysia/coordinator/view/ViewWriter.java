package elysia.coordinator.view;

import elysia.core.repository.LogEntry;
import elysia.core.repository.RepositoryStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the read side in the background, many changes in one transaction; of several statuses of
/// one repository only the newest.
///
/// What is lost in a crash is written again when the repository recovers elsewhere. While the
/// database is down changes gather, bounded: one status a repository, and the newest
/// [#MAX_HISTORY] lines.
public final class ViewWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ViewWriter.class);
  private static final int MAX_HISTORY = 50_000;
  /// Of so many failures in a row one is logged.
  private static final int QUIET = 60;

  private final ViewStore store;
  private final Duration pause;
  private final Lock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private Map<String, ViewStore.Row> rows = new LinkedHashMap<>();
  private Set<String> removed = new HashSet<>();
  private NewestEntries history = new NewestEntries(MAX_HISTORY);
  private boolean closed;
  private int failures; // of the writing thread
  private final Thread thread;

  /// @param pause between transactions, in which changes gather
  public ViewWriter(ViewStore store, Duration pause) {
    this.store = store;
    this.pause = pause;
    this.thread = Thread.ofVirtual().name("view-writer").start(this::run);
  }

  /// Takes a status, and the line of history that came with it.
  public void changed(String name, long seq, RepositoryStatus status, Optional<LogEntry> line) {
    lock.lock();
    try {
      rows.merge(name, new ViewStore.Row(name, seq, status),
          (old, now) -> old.seq() > now.seq() ? old : now);
      removed.remove(name);
      line.ifPresent(entry -> history.add(new ViewStore.Entry(name, entry)));
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  public void removed(String name) {
    lock.lock();
    try {
      rows.remove(name);
      history.remove(name);
      removed.add(name);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      Map<String, ViewStore.Row> nextRows;
      Set<String> nextRemoved;
      NewestEntries nextHistory;
      lock.lock();
      try {
        while (rows.isEmpty() && removed.isEmpty() && history.isEmpty() && !closed)
          work.awaitUninterruptibly();
        if (closed && rows.isEmpty() && removed.isEmpty() && history.isEmpty())
          return;
        nextRows = rows;
        nextRemoved = removed;
        nextHistory = history;
        rows = new LinkedHashMap<>();
        removed = new HashSet<>();
        history = new NewestEntries(MAX_HISTORY);
      } finally {
        lock.unlock();
      }
      if (!write(nextRows, nextRemoved, nextHistory))
        return;
    }
  }

  /// @return false when it was closed and the database does not answer
  private boolean write(Map<String, ViewStore.Row> nextRows, Set<String> nextRemoved,
      NewestEntries nextHistory) {
    try {
      store.write(nextRows.values(), nextRemoved, nextHistory.list());
      if (failures > 1)
        LOG.info("the read side is written again");
      failures = 0;
      return pause(pause);
    } catch (SQLException e) {
      if (failures++ % QUIET == 0)
        LOG.warn(
            "the read side cannot be written, tried every second: lists are old until then: {}",
            e.toString());
      lock.lock();
      try {
        if (closed)
          return false;
        nextRows.forEach((name, row) -> {
          if (!removed.contains(name))
            rows.merge(name, row, (now, old) -> old.seq() > now.seq() ? old : now);
        });
        for (String name : nextRemoved)
          if (!rows.containsKey(name))
            removed.add(name);
        history.list().forEach(nextHistory::add);
        history = nextHistory;
      } finally {
        lock.unlock();
      }
      return pause(Duration.ofSeconds(1));
    }
  }

  private static boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Writes what is left, waiting a few seconds at most.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Duration.ofSeconds(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
