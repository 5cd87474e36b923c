package elysia.testkit.store;

import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static elysia.testkit.store.TestChunks.vector;
import static elysia.testkit.store.TestChunks.with;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Reading what is stored, other than by search.
public interface StoreReadsContract extends StoreContract {
  @Test
  default void headersTellWhatIsStoredOfTheFiles() {
    CollectionName name = freshCollection();
    RepositoryName other = new RepositoryName("other");
    StoredChunk a0 = chunk(name, REPO, "a.java", 0, "a zero");
    StoredChunk a1 = chunk(name, REPO, "a.java", 1, "a one");
    StoredChunk b0 = chunk(name, REPO, "dir/a.java", 0, "b zero");
    write(name, a0, a1, b0, chunk(name, other, "a.java", 0, "elsewhere"));
    assertThat(headers(name, "a.java")).containsExactlyInAnyOrder(a0.header(), a1.header());
    assertThat(headers(name, "dir/a.java", "a.java", "none.java"))
        .containsExactlyInAnyOrder(a0.header(), a1.header(), b0.header());
    assertThat(headers(name, "none.java")).isEmpty();
    assertThat(headers(name, "A.java", "java", "a", "dir")).isEmpty();
    assertThat(headers(name)).isEmpty();
  }

  private List<ChunkHeader> headers(CollectionName name, String... paths) {
    return store().headers(name, REPO, List.of(paths).stream().map(FilePath::new).toList())
        .orElseThrow();
  }

  @Test
  default void anyPathIsFoundByItsExactText() {
    CollectionName name = freshCollection();
    List<String> paths = List.of("it's \"quoted\".java", "\"\\377raw\"", "back\\slash",
        " spaces  in it ", "\u00fcml\u00e4ut/\u65e5\u672c\u8a9e.py", "smile \uD83D\uDE00.txt",
        "u\u0308ml", "\u00fcml", "Case.java", "case.java", "star*?[a].java", "starXYa.java",
        "new\nline\ttab", "{a,b}.java", "a+b&c|d=e,f;g.java", "-- dash", "$HOME/%41", "*",
        "deep/" + "segment/".repeat(400) + "end.java", "long" + "g".repeat(4_000));
    List<StoredChunk> chunks = new ArrayList<>();
    for (String path : paths)
      chunks.add(chunk(name, path, "content of " + path));
    write(name, chunks);
    for (StoredChunk one : chunks) {
      assertThat(store().headers(name, REPO, List.of(one.path())).orElseThrow())
          .containsExactly(one.header());
      assertThat(store().chunks(name, REPO, one.path()).orElseThrow()).containsExactly(one);
    }
  }

  @Test
  default void headersOfManyFilesComeInOneCall() {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 1_500; i++)
      chunks.add(chunk(name, "src/some/folder/file" + i + ".java", "text " + i));
    write(name, chunks);
    List<FilePath> paths = new ArrayList<>(chunks.stream().map(StoredChunk::path).toList());
    for (int i = 0; i < 500; i++)
      paths.add(new FilePath("not/there" + i));
    assertThat(store().headers(name, REPO, paths).orElseThrow())
        .containsExactlyInAnyOrderElementsOf(chunks.stream().map(StoredChunk::header).toList());
  }

  @Test
  default void chunksComeInOrderWithAllTheyHold() {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 12; i++)
      chunks
          .add(chunk(name, REPO, "a.java", i, "line one " + i + "\nline \uD83D\uDE00 two\n\n  }"));
    write(name, chunks.reversed());
    write(name, chunk(name, "b.java", "other file"));
    assertThat(store().chunks(name, REPO, new FilePath("a.java")).orElseThrow()).isEqualTo(chunks);
    assertThat(store().chunks(name, REPO, new FilePath("c.java")).orElseThrow()).isEmpty();
  }

  @Test
  default void vectorsAreReadBackAsTheyWereWritten() {
    CollectionName name = freshCollection();
    float[] values = vector("any").toArray();
    for (int i = 0; i < values.length; i++)
      values[i] = values[i] * 12.345f;
    StoredChunk longer = with(chunk(name, "a.java", "not of length one"),
        Embedding.of(values));
    write(name, longer);
    assertThat(store().chunks(name, REPO, longer.path()).orElseThrow()).containsExactly(longer);
  }

  @Test
  default void listGivesEachChunkOfTheRepositoryOnce() {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 30; i++)
      chunks.add(chunk(name, REPO, "f" + i / 3, i % 3, "text " + i));
    write(name, chunks);
    write(name, chunks.subList(0, 10));
    write(name, chunk(name, new RepositoryName("other"), "f1", 0, "text"));
    List<ChunkHeader> seen = new ArrayList<>();
    store().list(name, REPO, seen::add).orElseThrow();
    assertThat(seen).containsExactlyInAnyOrderElementsOf(
        chunks.stream().map(StoredChunk::header).toList());
    seen.clear();
    store().list(name, new RepositoryName("none"), seen::add).orElseThrow();
    assertThat(seen).isEmpty();
  }

  @Test
  default void vectorsAreFoundByTheHashOfTheirText() {
    CollectionName name = freshCollection();
    StoredChunk one = chunk(name, "one.java", "one");
    StoredChunk copy = chunk(name, "copy.java", "one");
    StoredChunk two = chunk(name, "two.java", "two");
    StoredChunk gone = chunk(name, "gone.java", "gone");
    write(name, one, copy, two, gone);
    store().remove(name, List.of(gone.id())).orElseThrow();
    Set<String> hashes = Set.of(one.vectorHash(), two.vectorHash(), gone.vectorHash(), "none");
    assertThat(store().vectors(name, MODEL, hashes).orElseThrow()).isEqualTo(Map.of(
        one.vectorHash(), one.vector().orElseThrow(), two.vectorHash(),
        two.vector().orElseThrow()));
    assertThat(store().vectors(name, MODEL, Set.of()).orElseThrow()).isEmpty();
    EmbeddingModel other = new EmbeddingModel("embedded", "other", 16, 256);
    assertThat(store().vectors(name, other, hashes).orElseThrow()).isEmpty();
  }

  @Test
  default void vectorsOfManyTextsComeInOneCall() {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 600; i++)
      chunks.add(chunk(name, "f" + i + ".java", "text " + i));
    write(name, chunks);
    Set<String> hashes = Set.copyOf(chunks.stream().map(StoredChunk::vectorHash).toList());
    assertThat(store().vectors(name, MODEL, hashes).orElseThrow()).hasSize(600)
        .containsEntry(chunks.get(77).vectorHash(), vector("text 77"));
  }

  @Test
  default void storedChunksAreSearchable() {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 300; i++) // many of the same vector, as licence headers are
      chunks.add(chunk(name, "f" + i + ".java", i < 150 ? "licence" : "text " + i));
    write(name, chunks);
    List<UUID> ids = new ArrayList<>(chunks.stream().map(StoredChunk::id).toList());
    assertThat(store().unsearchable(name, REPO, ids).orElseThrow()).isEmpty();
    ids.add(UUID.randomUUID());
    assertThat(store().unsearchable(name, REPO, ids).orElseThrow()).isEmpty();
    assertThat(store().unsearchable(name, REPO, List.of()).orElseThrow()).isEmpty();
  }

  @Test
  default void healthIsGoodAfterCallsThatWorked() {
    freshCollection();
    assertThat(store().health().ok()).isTrue();
    assertThat(store().health().text()).isNotBlank();
  }
}
