package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.change.ChangeReader;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.core.feed.RepeatableGroup;
import elysia.core.identity.RepositoryName;
import elysia.core.store.StoredChunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Random sequences of changes through the real way of a feed, cut and killed anywhere and sent
/// again, against a map. `-Delysia.feed.seed=N` repeats those of another run.
class FeedPropertyTest {
  private static final Logger LOG = LoggerFactory.getLogger(FeedPropertyTest.class);
  private static final int UPLOADS = 400;
  private static final int STORIES = 25;
  private static final int PAIRS = 80;
  private static final int OTHER_NAMES = 12;
  private static final String[] PATHS = {"a", "b", "c", "d"};

  private final long seed = Long.getLong("elysia.feed.seed", 6);
  private final Random random = new Random(seed);
  private FeedRig rig;

  @BeforeEach
  void start() throws Exception {
    LOG.warn("seed of the changes: {}", seed);
    rig = new FeedRig(seed);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  /// Lines of all, each story's in order.
  private byte[] mixed(List<Story> stories) {
    List<List<String>> left = new ArrayList<>();
    stories.forEach(story -> left.add(new ArrayList<>(story.lines())));
    StringBuilder text = new StringBuilder();
    while (!left.isEmpty()) {
      List<String> next = left.get(random.nextInt(left.size()));
      text.append(next.removeFirst()).append('\n');
      if (next.isEmpty())
        left.remove(next);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Map<String, Map<String, String>> indexed() {
    Map<String, Map<String, String>> found = new HashMap<>();
    Map<String, String> metadata = new HashMap<>();
    for (StoredChunk chunk : rig.store.content(FeedRig.COLLECTION)) {
      Map<String, String> files = found.computeIfAbsent(chunk.repo().value(),
          _ -> new TreeMap<>());
      files.merge(chunk.path().value(), chunk.content(), (a, b) -> a + "\n" + b);
      metadata.put(chunk.repo() + "/" + chunk.path(), chunk.metadata());
    }
    found.forEach((repo, files) -> files
        .replaceAll((path, text) -> text + " " + metadata.get(repo + "/" + path)));
    return found;
  }

  private void check(int upload, List<Story> stories) {
    Map<String, Map<String, String>> found = indexed();
    for (int i = 0; i < stories.size(); i++)
      assertThat(found.getOrDefault("r" + upload + "-" + i, Map.of()))
          .as("seed " + seed + ", upload " + upload + ":\n"
              + String.join("\n", stories.get(i).lines()))
          .isEqualTo(stories.get(i).end());
  }

  private List<Story> stories(int upload, int most) {
    List<Story> stories = new ArrayList<>();
    for (int i = 0; i < STORIES; i++)
      stories.add(Story.random(random, "r" + upload + "-" + i, PATHS, 1 + random.nextInt(most)));
    return stories;
  }

  private void forget(int upload) {
    rig.troubled(0, Integer.MAX_VALUE);
    for (int i = 0; i < STORIES; i++)
      rig.store.removeRepository(FeedRig.COLLECTION,
          new RepositoryName("r" + upload + "-" + i)).orElseThrow();
  }

  @Test
  void sequencesCutAndKilledAnywhereAndSentAgainEndAsTheModelSays() throws Exception {
    for (int upload = 0; upload < UPLOADS; upload++) {
      List<Story> stories = stories(upload, 10);
      byte[] body = mixed(stories);
      String key = "k" + upload;
      double rate = upload % 8 == 0 ? 0.05 : 0;
      for (int run = random.nextInt(4); run > 0; run--) {
        boolean kill = random.nextBoolean();
        rig.troubled(rate, kill ? 1 + random.nextInt(40) : Integer.MAX_VALUE);
        broken(key, body, random.nextInt(body.length + 1));
        if (rig.dead() || kill)
          rig.revive();
      }
      rig.troubled(rate, Integer.MAX_VALUE);
      rig.sendAll(key, body);
      check(upload, stories);
      if (upload % 10 == 0) {
        rig.sendAll(key, body);
        check(upload, stories);
      }
      forget(upload);
    }
  }

  @Test
  void batchesCutAtRenamesEndRightWhenTheyAreSentAgainUnderAnotherName() throws Exception {
    for (int upload = 0; upload < OTHER_NAMES; upload++) {
      List<Story> stories = stories(upload, 10);
      int number = 0;
      for (byte[] batch : batches(mixed(stories))) {
        String key = "other" + upload + "-" + number++;
        if (random.nextBoolean()) {
          rig.troubled(0, random.nextBoolean() ? 1 + random.nextInt(20) : Integer.MAX_VALUE);
          broken(key, batch, random.nextInt(batch.length + 1));
          rig.revive();
        }
        rig.sendAll(key + "'", batch, true);
      }
      check(upload, stories);
      forget(upload);
    }
  }

  /// Lines as the command line sends them.
  private static List<byte[]> batches(byte[] body) throws IOException {
    List<byte[]> batches = new ArrayList<>();
    ChangeReader reader = new ChangeReader(new ByteArrayInputStream(body),
        new ChangeSettings(1 << 20));
    RepeatableGroup group = new RepeatableGroup();
    int start = 0;
    for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next())
      if (line.get() instanceof Line.ChangeLine(var change, _) && !group.add(change)) {
        int end = (int) line.get().position().start();
        batches.add(Arrays.copyOfRange(body, start, end));
        start = end;
        group = new RepeatableGroup();
        group.add(change);
      }
    batches.add(Arrays.copyOfRange(body, start, body.length));
    return batches;
  }

  private void broken(String key, byte[] body, int received) throws Exception {
    try {
      rig.send(key, body, received).toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e).hasRootCauseMessage("connection reset");
    }
  }

  @Test
  void twoFeedsAtOnceEndAsSomeOrderOfTheirLines() throws Exception {
    for (int upload = 0; upload < PAIRS; upload++) {
      List<Story> one = stories(upload, 4);
      List<Story> two = stories(upload, 4);
      rig.troubled(upload % 4 == 0 ? 0.05 : 0, Integer.MAX_VALUE);
      byte[] first = mixed(one);
      byte[] second = mixed(two);
      String name = "two" + upload;
      CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> sent(name, second));
      rig.sendAll("one" + upload, first);
      beside.get(60, TimeUnit.SECONDS);
      Map<String, Map<String, String>> found = indexed();
      for (int i = 0; i < STORIES; i++) {
        assertThat(Story.ends(one.get(i), two.get(i)))
            .as("seed " + seed + "\n" + String.join("\n", one.get(i).lines())
                + "\nbeside\n" + String.join("\n", two.get(i).lines()))
            .contains(found.getOrDefault("r" + upload + "-" + i, Map.of()));
      }
      forget(upload);
    }
  }

  private void sent(String key, byte[] body) {
    try {
      rig.sendAll(key, body);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
