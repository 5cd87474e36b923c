package elysia.worker.weaviate;

import elysia.core.embed.EmbeddingModel;
import elysia.core.outcome.Outcome;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import elysia.worker.weaviate.BatchApi.Prepared;
import elysia.worker.weaviate.Classes.StoreClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// One write call: cut into batches, a few of them on their way at the same time.
final class Writes {
  private final BatchApi api;
  private final BatchWriter writer;
  private final WeaviateSettings settings;

  Writes(BatchApi api, BatchWriter writer, WeaviateSettings settings) {
    this.api = api;
    this.writer = writer;
    this.settings = settings;
  }

  Outcome<WriteReport> write(StoreClass target, List<StoredChunk> chunks, WriteMode mode) {
    Map<UUID, String> rejected = new HashMap<>();
    EmbeddingModel model = target.info().model();
    List<Outcome<Map<UUID, String>>> outcomes = new ArrayList<>();
    try (Sending sending = new Sending(target, mode == WriteMode.REPLACE)) {
      List<Prepared> batch = new ArrayList<>();
      int bytes = 0;
      for (StoredChunk chunk : chunks) {
        Optional<String> fault = ChunkJson.fault(chunk, model);
        Optional<Prepared> prepared = fault.isPresent()
            ? Optional.empty()
            : api.prepared(target.name(), chunk);
        if (prepared.isEmpty()) {
          rejected.put(chunk.id(), fault.orElse("text: not valid Unicode"));
          continue;
        }
        int size = prepared.get().bytes().length;
        if (!batch.isEmpty() && (batch.size() == settings.batchSize()
            || bytes + size > settings.batchBytes())) {
          sending.send(batch);
          batch = new ArrayList<>();
          bytes = 0;
        }
        batch.add(prepared.get());
        bytes += size;
      }
      if (!batch.isEmpty())
        sending.send(batch);
      outcomes = sending.outcomes();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Busy<>("store_unavailable", "interrupted");
    }
    return joined(outcomes, rejected);
  }

  /// `Refused` before `Busy` before `Ok`: what needs a person is told first.
  private static Outcome<WriteReport> joined(List<Outcome<Map<UUID, String>>> outcomes,
      Map<UUID, String> rejected) {
    Optional<Outcome.Busy<Map<UUID, String>>> busy = Optional.empty();
    for (Outcome<Map<UUID, String>> outcome : outcomes) {
      switch (outcome) {
        case Outcome.Ok<Map<UUID, String>>(var some) -> rejected.putAll(some);
        case Outcome.Refused<Map<UUID, String>>(var problem) -> {
          return new Outcome.Refused<>(problem);
        }
        case Outcome.Busy<Map<UUID, String>> b -> {
          if (busy.isEmpty() || wait(b).compareTo(wait(busy.get())) > 0)
            busy = Optional.of(b);
        }
      }
    }
    return busy
        .<Outcome<WriteReport>>map(
            b -> new Outcome.Busy<>("store_unavailable", b.reason(), b.retryAfter()))
        .orElseGet(() -> Outcome.ok(new WriteReport(rejected)));
  }

  private static Duration wait(Outcome.Busy<?> busy) {
    return busy.retryAfter().orElse(Duration.ZERO);
  }

  /// Closing waits until nothing is on its way any more: a call that has returned writes nothing.
  private final class Sending implements AutoCloseable {
    private final StoreClass target;
    private final boolean replace;
    private final Semaphore permits = new Semaphore(settings.inFlight());
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Future<Outcome<Map<UUID, String>>>> sent = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Sending(StoreClass target, boolean replace) {
      this.target = target;
      this.replace = replace;
    }

    /// Waits for a place. After a batch that failed, no more are sent.
    void send(List<Prepared> batch) throws InterruptedException {
      permits.acquire();
      sent.add(threads.submit(() -> {
        try {
          if (stopped.get())
            return new Outcome.Busy<>("store_unavailable", "an earlier batch failed");
          Outcome<Map<UUID, String>> outcome = writer.write(target, batch, replace);
          if (!(outcome instanceof Outcome.Ok))
            stopped.set(true);
          return outcome;
        } finally {
          permits.release();
        }
      }));
    }

    List<Outcome<Map<UUID, String>>> outcomes() throws InterruptedException {
      List<Outcome<Map<UUID, String>>> outcomes = new ArrayList<>();
      for (Future<Outcome<Map<UUID, String>>> future : sent) {
        try {
          outcomes.add(future.get());
        } catch (ExecutionException e) {
          throw new IllegalStateException("a batch broke", e.getCause());
        }
      }
      return outcomes;
    }

    @Override
    public void close() {
      stopped.set(true);
      threads.shutdownNow();
      threads.close();
    }
  }
}
