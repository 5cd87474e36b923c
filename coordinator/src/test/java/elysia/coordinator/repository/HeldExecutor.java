package elysia.coordinator.repository;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/// Runs at once what blocks, or holds it back.
final class HeldExecutor implements Executor {
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean closed;

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      if (closed) {
        held.add(task);
        return;
      }
    }
    task.run();
  }

  synchronized void hold() {
    closed = true;
  }

  synchronized int waiting() {
    return held.size();
  }

  void open() {
    List<Runnable> tasks;
    synchronized (this) {
      closed = false;
      tasks = new ArrayList<>(held);
      held.clear();
    }
    tasks.forEach(Runnable::run);
  }
}
