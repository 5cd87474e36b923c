package elysia.testkit.store;

import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static elysia.testkit.store.TestChunks.vector;
import static elysia.testkit.store.TestChunks.with;
import static elysia.testkit.store.TestChunks.withoutVector;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedding;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.store.Counts;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import elysia.core.store.WriteReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Writing and removing.
public interface StoreWritesContract extends StoreContract {
  @ParameterizedTest
  @EnumSource
  default void writingTheSameAgainChangesNothing(WriteMode mode) {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = List.of(chunk(name, REPO, "a.java", 0, "one"),
        chunk(name, REPO, "a.java", 1, "two"));
    for (int i = 0; i < 2; i++)
      assertThat(store().write(name, chunks, mode).orElseThrow().rejected()).isEmpty();
    assertThat(store().chunks(name, REPO, chunks.getFirst().path()).orElseThrow())
        .isEqualTo(chunks);
  }

  @ParameterizedTest
  @EnumSource
  default void aLaterWriteOverwrites(WriteMode mode) {
    CollectionName name = freshCollection();
    StoredChunk before = chunk(name, "a.java", "before");
    StoredChunk after = chunk(name, "a.java", "after");
    write(name, before);
    assertThat(store().write(name, List.of(after), mode).orElseThrow().rejected()).isEmpty();
    assertThat(store().chunks(name, REPO, before.path()).orElseThrow()).containsExactly(after);
    assertThat(nearest(name, "after")).containsExactly(withoutVector(after));
    assertThat(nearest(name, "before")).containsExactly(withoutVector(after));
  }

  private List<StoredChunk> nearest(CollectionName name, String text) {
    return store().search(new StoreQuery(name, text, Optional.of(vector(text)), SearchMode.VECTOR,
        List.of(), Optional.empty(), Optional.empty(), 5)).orElseThrow().stream()
        .map(StoreHit::chunk).toList();
  }

  @Test
  default void aWriteOfNothingWorks() {
    CollectionName name = freshCollection();
    write(name);
    store().remove(name, List.of()).orElseThrow();
    assertThat(store().count(name, Optional.empty()).orElseThrow().chunks()).isZero();
  }

  @Test
  default void chunksThatCannotBeStoredAreNamedAndTheOthersAreStored() {
    CollectionName name = freshCollection();
    StoredChunk good = chunk(name, "good.java", "good");
    StoredChunk small = with(chunk(name, "small.java", "small"), Embedding.of(new float[]{1, 2}));
    StoredChunk none = withoutVector(chunk(name, "none.java", "none"));
    StoredChunk zero = with(chunk(name, "zero.java", "zero"), Embedding.of(new float[16]));
    float[] notANumber = vector("x").toArray();
    notANumber[3] = Float.NaN;
    StoredChunk broken = with(chunk(name, "nan.java", "nan"), Embedding.of(notANumber));
    WriteReport report = store()
        .write(name, List.of(small, good, none, zero, broken), WriteMode.UPSERT).orElseThrow();
    assertThat(report.rejected()).containsOnlyKeys(small.id(), none.id(), zero.id(), broken.id());
    assertThat(report.rejected().values()).noneMatch(String::isBlank);
    assertThat(store().chunks(name, REPO, good.path()).orElseThrow()).containsExactly(good);
    assertThat(store().count(name, Optional.empty()).orElseThrow()).isEqualTo(new Counts(1, 1));
  }

  @Test
  default void removingTwiceIsNoError() {
    CollectionName name = freshCollection();
    StoredChunk one = chunk(name, "one.java", "one");
    StoredChunk two = chunk(name, "two.java", "two");
    write(name, one, two);
    for (int i = 0; i < 2; i++)
      store().remove(name, List.of(one.id(), UUID.randomUUID())).orElseThrow();
    assertThat(store().headers(name, REPO, List.of(one.path(), two.path())).orElseThrow())
        .containsExactly(two.header());
    assertThat(nearest(name, "one")).containsExactly(withoutVector(two));
  }

  /// More than one request of any server answers.
  @Test
  default void aRepositoryOfManyChunksIsListedAndRemovedWhole() {
    CollectionName name = freshCollection();
    RepositoryName many = new RepositoryName("many");
    int total = 10_050;
    Set<UUID> written = new HashSet<>();
    List<StoredChunk> batch = new ArrayList<>();
    for (int i = 0; i < total; i++) {
      StoredChunk next = chunk(name, many, "dir" + i % 7 + "/f" + i / 50 + ".java", i % 50,
          "text " + i);
      written.add(next.id());
      batch.add(next);
      if (batch.size() == 1_005) {
        write(name, batch);
        batch.clear();
      }
    }
    StoredChunk other = chunk(name, "keep.java", "keep");
    write(name, other);
    assertThat(store().count(name, Optional.of(many)).orElseThrow().chunks()).isEqualTo(total);
    List<UUID> seen = new ArrayList<>();
    store().list(name, many, header -> seen.add(header.id())).orElseThrow();
    assertThat(seen).hasSize(total).doesNotHaveDuplicates();
    assertThat(written).containsAll(seen);

    store().removeRepository(name, many).orElseThrow();
    assertThat(store().count(name, Optional.empty()).orElseThrow()).isEqualTo(new Counts(1, 1));
    assertThat(store().repositories(name).orElseThrow()).containsExactly(REPO);
    store().removeRepository(name, many).orElseThrow();
  }

  @Test
  default void aWriteIsVisibleToSearchesThatStartAfterIt() {
    CollectionName name = freshCollection();
    for (int i = 0; i < 12; i++) {
      StoredChunk next = chunk(name, "f" + i + ".java", "word" + i + "x");
      write(name, next);
      assertThat(nearest(name, next.content()).getFirst()).isEqualTo(withoutVector(next));
      StoreQuery words = new StoreQuery(name, next.content(), Optional.empty(), SearchMode.KEYWORD,
          List.of(), Optional.empty(), Optional.empty(), 1);
      assertThat(store().search(words).orElseThrow().getFirst().chunk().id()).isEqualTo(next.id());
    }
  }

  @Test
  default void concurrentWritesAreAllStored() throws Exception {
    CollectionName name = freshCollection();
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int writer = 0; writer < 4; writer++) {
        String dir = "w" + writer;
        writers.add(threads.submit(() -> {
          for (int i = 0; i < 10; i++)
            write(name, chunk(name, dir + "/" + i + ".java", dir + " " + i),
                chunk(name, REPO, dir + "/" + i + ".java", 1, dir + " " + i + " more"));
        }));
      }
    }
    for (Future<?> writer : writers)
      writer.get();
    assertThat(store().count(name, Optional.empty()).orElseThrow()).isEqualTo(new Counts(40, 80));
  }

  @Test
  default void aFileThatIsReplacedNeverVanishesFromSearches() throws Exception {
    CollectionName name = freshCollection();
    StoredChunk leftover = chunk(name, REPO, "a.java", 1, "needle leftover");
    write(name, chunk(name, "a.java", "needle 0"), leftover, chunk(name, "b.java", "hay"));
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Integer> searcher = threads.submit(() -> {
        int searches = 0;
        while (!done.get() || searches < 2) {
          for (SearchMode mode : SearchMode.values()) {
            StoreQuery query = new StoreQuery(name, "needle", Optional.of(vector("needle")), mode,
                List.of(), Optional.of("a.java"), Optional.empty(), 5);
            assertThat(store().search(query).orElseThrow()).isNotEmpty();
          }
          searches++;
        }
        return searches;
      });
      try {
        for (int i = 1; i <= 15 && !searcher.isDone(); i++) {
          write(name, chunk(name, "a.java", "needle " + i));
          store().remove(name, List.of(leftover.id())).orElseThrow();
          write(name, leftover);
        }
      } finally {
        done.set(true);
      }
      assertThat(searcher.get()).isPositive();
    }
  }
}
