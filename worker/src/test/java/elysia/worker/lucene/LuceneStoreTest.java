package elysia.worker.lucene;

import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import elysia.core.identity.CollectionName;
import elysia.core.store.StoredChunk;
import elysia.core.store.VectorStore;
import elysia.testkit.store.TestChunks;
import elysia.testkit.store.VectorStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneStoreTest implements VectorStoreContract {
  static final LuceneSettings SETTINGS = LuceneSettings
      .from(ConfigFactory.parseResources("reference.conf").resolve());

  @TempDir
  Path folder;
  private LuceneStore store;

  @BeforeEach
  void open() {
    store = LuceneStore.open(folder.resolve("index"), SETTINGS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  public VectorStore store() {
    return store;
  }

  @Test
  void allIsThereAfterReopening() {
    CollectionName name = freshCollection();
    StoredChunk one = chunk(name, "a.java", "one");
    write(name, one);
    close();
    close(); // twice is no error
    open();
    assertThat(store.collection(name).orElseThrow()).hasValueSatisfying(
        info -> assertThat(info.model()).isEqualTo(TestChunks.MODEL));
    assertThat(store.chunks(name, REPO, one.path()).orElseThrow()).containsExactly(one);
  }

  @Test
  void vectorsAreFoundInOtherCollectionsOfTheSameModel() {
    CollectionName full = freshCollection();
    CollectionName empty = freshCollection();
    StoredChunk one = chunk(full, "a.java", "one");
    write(full, one);
    assertThat(store.vectors(empty, TestChunks.MODEL, Set.of(one.vectorHash()))
        .orElseThrow()).containsEntry(one.vectorHash(), one.vector().orElseThrow());
  }

  @Test
  void aSecondOwnerIsRefusedWithTheFoldersName() {
    assertThatThrownBy(() -> LuceneStore.open(folder.resolve("index"), SETTINGS))
        .isInstanceOf(UnusableIndexException.class)
        .hasMessageContaining(folder.resolve("index").toString()).hasMessageContaining("in use");
  }

  @Test
  void aDamagedIndexIsRefusedWithWhatToDo() throws IOException {
    CollectionName name = freshCollection();
    write(name, chunk(name, "a.java", "one"));
    close();
    for (Path file : files("segments_"))
      Files.write(file, new byte[]{1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);
    assertThatThrownBy(() -> LuceneStore.open(folder.resolve("index"), SETTINGS))
        .isInstanceOf(UnusableIndexException.class)
        .hasMessageContaining(folder.resolve("index").toString())
        .hasMessageContaining("move it away");
    for (Path file : files(""))
      Files.delete(file);
    open();
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("index"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }
}
