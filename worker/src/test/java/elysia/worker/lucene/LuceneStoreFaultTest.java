package elysia.worker.lucene;

import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LuceneStoreFaultTest {
  private static final CollectionName NAME = new CollectionName("c");

  @TempDir
  Path folder;

  /// A disk that can be full: when files are made, or only when they are forced to it.
  private static final class FullDisk extends FilterDirectory {
    final AtomicBoolean noFiles = new AtomicBoolean();
    final AtomicBoolean noSync = new AtomicBoolean();

    FullDisk(Directory in) {
      super(in);
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
      refuseIf(noFiles);
      return super.createOutput(name, context);
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
      refuseIf(noSync);
      super.sync(names);
    }

    private static void refuseIf(AtomicBoolean full) throws IOException {
      if (full.get())
        throw new IOException("No space left on device");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterAFullDiskWritingGoesOnWithoutARestart(boolean atSync) throws IOException {
    FullDisk disk = new FullDisk(FSDirectory.open(folder));
    AtomicBoolean full = atSync ? disk.noSync : disk.noFiles;
    StoredChunk before = chunk(NAME, "before", "before");
    StoredChunk during = chunk(NAME, "during", "during");
    StoredChunk after = chunk(NAME, "after", "after");
    try (LuceneStore store = LuceneStore.open("test", disk, LuceneStoreTest.SETTINGS)) {
      store.create(NAME, MODEL).orElseThrow();
      store.write(NAME, List.of(before), WriteMode.UPSERT).orElseThrow();
      full.set(true);
      for (int i = 0; i < 3; i++)
        assertThat(store.write(NAME, List.of(during), WriteMode.UPSERT))
            .isInstanceOfSatisfying(Outcome.Busy.class,
                busy -> assertThat(busy.reason()).contains("is full"));
      assertThat(store.health().ok()).isFalse();
      assertThat(store.chunks(NAME, REPO, before.path()).orElseThrow()).containsExactly(before);

      full.set(false);
      store.write(NAME, List.of(after), WriteMode.UPSERT).orElseThrow();
      assertThat(store.health().ok()).isTrue();
      assertThat(store.chunks(NAME, REPO, before.path()).orElseThrow()).containsExactly(before);
      assertThat(store.chunks(NAME, REPO, after.path()).orElseThrow()).containsExactly(after);
      assertThat(store.chunks(NAME, REPO, during.path()).orElseThrow()).isEmpty();
    }
    try (LuceneStore store = LuceneStore.open(folder, LuceneStoreTest.SETTINGS)) {
      assertThat(store.chunks(NAME, REPO, after.path()).orElseThrow()).containsExactly(after);
    }
  }

  @Test
  void aClosedStoreIsBusy() {
    LuceneStore store = LuceneStore.open(folder, LuceneStoreTest.SETTINGS);
    store.create(NAME, MODEL).orElseThrow();
    store.close();
    assertThat(store.write(NAME, List.of(chunk(NAME, "a", "a")), WriteMode.UPSERT))
        .isInstanceOf(Outcome.Busy.class);
    assertThat(store.chunks(NAME, REPO, chunk(NAME, "a", "a").path()))
        .isInstanceOf(Outcome.Busy.class);
  }
}
