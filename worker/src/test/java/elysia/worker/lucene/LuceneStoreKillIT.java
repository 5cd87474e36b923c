package elysia.worker.lucene;

import static elysia.testkit.store.TestChunks.MODEL;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.store.StoredChunk;
import elysia.core.store.WriteMode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LuceneStoreKillIT {
  private static final CollectionName NAME = new CollectionName("c");
  private static final int PER_BATCH = 40;
  private static final int WRITERS = 3;

  @TempDir
  Path folder;

  /// Writes until it is killed; prints the name of each batch that the store has acknowledged.
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      LuceneStore store = LuceneStore.open(Path.of(args[0]), LuceneStoreTest.SETTINGS);
      store.create(NAME, MODEL).orElseThrow();
      PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true,
          StandardCharsets.UTF_8);
      for (int writer = 0; writer < WRITERS; writer++) {
        String name = args[1] + "-" + writer + "-";
        Thread.ofPlatform().start(() -> {
          for (int i = 0; true; i++) {
            store.write(NAME, batch(name + i), WriteMode.UPSERT).orElseThrow();
            out.println(name + i);
          }
        });
      }
    }
  }

  private static List<StoredChunk> batch(String path) {
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < PER_BATCH; i++)
      chunks.add(chunk(NAME, REPO, path, i, path + " text " + i));
    return chunks;
  }

  @Test
  @Timeout(120)
  void allThatWasAcknowledgedSurvivesBeingKilled() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++)
      acknowledged.addAll(writeAndKill("r" + round, 5 + 9 * round));
    try (LuceneStore store = LuceneStore.open(folder, LuceneStoreTest.SETTINGS)) {
      for (String path : acknowledged)
        assertThat(store.chunks(NAME, REPO, new FilePath(path)).orElseThrow())
            .isEqualTo(batch(path));
      assertThat(store.count(NAME, Optional.empty()).orElseThrow().chunks())
          .isGreaterThanOrEqualTo((long) PER_BATCH * acknowledged.size());
      store.write(NAME, batch("afterwards"), WriteMode.UPSERT).orElseThrow();
    }
  }

  private List<String> writeAndKill(String round, int batches)
      throws IOException, InterruptedException {
    Process writer = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
        "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
        System.getProperty("java.class.path"), Writer.class.getName(), folder.toString(), round)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
      while (acknowledged.size() < batches) {
        String line = lines.readLine();
        assertThat(line).as("writer ended by itself").isNotNull();
        acknowledged.add(line);
      }
      writer.destroyForcibly();
      assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      writer.destroyForcibly();
    }
    return acknowledged;
  }
}
