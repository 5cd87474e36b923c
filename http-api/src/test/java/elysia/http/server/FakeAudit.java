package elysia.http.server;

import elysia.http.route.Audit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it was told.
final class FakeAudit implements Audit {
  final List<Entry> changes = new CopyOnWriteArrayList<>();
  final List<Entry> refusals = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<Void> changed(Entry entry) {
    changes.add(entry);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void refused(Entry entry) {
    refusals.add(entry);
  }
}
