package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.node.CountingEmbeddings;
import elysia.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `index sync` brings changes to a node, and either is killed at random moments and started again,
/// the command with batches of another size; what the index holds after each round is told from a
/// map that knows nothing of batches.
final class FeedKillRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedKillRun.class);
  private static final int SMALLEST_BATCH = 10;
  private static final int LARGEST_BATCH = 30;
  private static final int LINES = 120;
  private static final int LATEST_KILL_MILLIS = 2_500;
  private static final Duration COMMAND = Duration.ofMinutes(3);
  private static final Duration PER_TEXT = Duration.ofMillis(8);
  private static final String MARKER = "unique";

  private final Path folder;
  private final SplittableRandom random;
  private final CountingEmbeddings embeddings = new CountingEmbeddings(PER_TEXT);
  private final NodeProcess node;
  /// Path and content of what must be in the index.
  private final Map<String, String> files = new TreeMap<>();
  private long written;
  private int inTheMiddle;

  FeedKillRun(Path folder, long seed) throws IOException {
    LOG.info("seed of the kills: {}", seed);
    this.folder = folder;
    random = new SplittableRandom(seed);
    node = new NodeProcess(folder.resolve("node"), Map.of()).configured(embeddings.settings());
  }

  /// Compares the index with the map after each round.
  ///
  /// @return how many texts were embedded again
  long kill(int kills) throws Exception {
    node.start();
    for (int done = 0; done < kills;) {
      Path input = input(done);
      done += round(input, done);
      LOG.info("{} kills so far, {} in the middle", done, inTheMiddle);
      assertThat(IndexedFiles.of(node.api().url(), "Fed", "fed"))
          .as("after " + done + " kills, " + node.tail())
          .isEqualTo(IndexedFiles.hashes(files));
    }
    long repeats = embeddings.repeats(MARKER);
    LOG.info("{} kills, {} in the middle: {} texts, {} embedded again", kills, inTheMiddle,
        embeddings.distinct(MARKER), repeats);
    assertThat(embeddings.distinct(MARKER)).isLessThanOrEqualTo(written);
    return repeats;
  }

  /// Texts that may be embedded again: a batch for each kill.
  static long onTheirWay(int kills) {
    return (long) kills * LARGEST_BATCH;
  }

  /// The next changes, in a file of their own.
  private Path input(int round) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      List<String> there = List.copyOf(files.keySet());
      String known = there.isEmpty() ? "" : there.get(random.nextInt(there.size()));
      switch (known.isEmpty() ? 9 : random.nextInt(10)) {
        case 0 -> {
          lines.add(line("delete", known, ""));
          files.remove(known);
        }
        case 1, 2 -> {
          String to = "moved" + written++ + ".txt";
          lines.add(line("rename", known, ",\"new_path\":\"" + to + "\""));
          files.put(to, files.remove(known));
          if (random.nextBoolean())
            add(lines, known);
        }
        case 3, 4 -> add(lines, known);
        default -> add(lines, "file" + written + ".txt");
      }
    }
    return Files.write(folder.resolve("input" + round + ".jsonl"), lines);
  }

  private void add(List<String> lines, String path) {
    String text = MARKER + " text number " + written++ + " of the run";
    lines.add(line("modify", path, ",\"content\":\"" + text + "\\n\""));
    files.put(path, text + "\n");
  }

  private static String line(String op, String path, String rest) {
    return "{\"repo\":\"fed\",\"op\":\"" + op + "\",\"path\":\"" + path + "\"" + rest + "}";
  }

  /// Brings an input in, with at most two kills. One that came to its end before the kill is run
  /// again all the same: it moves files, so it is known to be done.
  ///
  /// @return how many there were
  private int round(Path input, int before) throws Exception {
    int kills = 1 + random.nextInt(2);
    for (int i = 0; i < kills; i++) {
      Process sync = sync(input);
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(LATEST_KILL_MILLIS)).toNanos());
      if (sync.isAlive())
        inTheMiddle++;
      boolean server = (before + i) % 2 == 0;
      if (server)
        node.kill();
      if (!server || random.nextBoolean())
        sync.destroyForcibly();
      assertThat(sync.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS)).as("the command ends")
          .isTrue();
      if (server)
        node.start();
    }
    Process last = sync(input);
    assertThat(last.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(last.exitValue()).as(() -> output() + node.tail()).isZero();
    return kills;
  }

  private Process sync(Path input) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(NodeProcess.launcher().toString(), "--server",
        node.api().url().toString(), "index", "sync", "--input", input.toString(), "--collection",
        "Fed", "--state-dir", folder.resolve("state").toString(), "--batch-size",
        String.valueOf(random.nextInt(SMALLEST_BATCH, LARGEST_BATCH + 1)), "--max-retries", "1")
        .redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
    builder.environment().put("ELYSIACTL_HOME", node.home().toString());
    builder.environment().remove("ELYSIACTL_TOKEN");
    return builder.start();
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    node.close();
    embeddings.close();
  }
}
