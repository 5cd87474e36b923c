package elysia.coordinator.mgit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Joins what many threads ask for within a short time into one call. The first thread of a batch
/// makes the call; the others wait for it.
final class Batches<T> {
  private final Duration collect;
  private final int most;
  private final Function<Collection<T>, String> call;
  private Batch<T> open = new Batch<>();

  private static final class Batch<T> {
    final List<T> items = new ArrayList<>();
    final CompletableFuture<String> answer = new CompletableFuture<>();
    final CompletableFuture<Boolean> full = new CompletableFuture<>();
  }

  Batches(Duration collect, int most, Function<Collection<T>, String> call) {
    this.collect = collect;
    this.most = most;
    this.call = call;
  }

  /// The answer of the call that served this item.
  String join(T item) {
    Batch<T> mine;
    boolean first;
    synchronized (this) {
      mine = open;
      first = mine.items.isEmpty();
      mine.items.add(item);
      if (mine.items.size() == most)
        close(mine);
    }
    if (first)
      lead(mine);
    return mine.answer.join();
  }

  private synchronized void close(Batch<T> batch) {
    if (open == batch)
      open = new Batch<>();
    batch.full.complete(true);
  }

  private void lead(Batch<T> batch) {
    batch.full.completeOnTimeout(true, collect.toNanos(), TimeUnit.NANOSECONDS).join();
    close(batch);
    try {
      batch.answer.complete(call.apply(batch.items));
    } catch (RuntimeException e) {
      batch.answer.completeExceptionally(e);
      throw e;
    }
  }
}
