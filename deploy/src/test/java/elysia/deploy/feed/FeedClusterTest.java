package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.store.StoredChunk;
import elysia.testkit.process.Await;
import elysia.testkit.store.FakeVectorStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Change queues on three nodes in one process, whose wall clocks differ by hours, with one store
/// and one database.
class FeedClusterTest {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int FILES = 400;
  private final List<FeedNode> nodes = new ArrayList<>();
  private FakeVectorStore store;
  private JdbcConnectionPool tables;

  @BeforeEach
  void start() throws Exception {
    store = new FakeVectorStore().shared(true);
    tables = FeedRig.database();
    for (int i = 0; i < 3; i++)
      nodes.add(new FeedNode(i, store, tables));
    for (FeedNode node : nodes)
      node.join(nodes.getFirst());
    Await.so("three members", LONGEST, () -> nodes.stream().allMatch(node -> node.members() == 3));
    nodes.getLast().sendAll("first", body(0, 20), LONGEST); // each queue has begun
  }

  @AfterEach
  void end() {
    nodes.forEach(FeedNode::close);
    tables.dispose();
  }

  /// Files of many repositories, so that each node has some of their queues; the second version of
  /// each comes later than the first.
  private static byte[] body(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (String version : List.of("first", "second"))
      IntStream.range(from, to).forEach(i -> text.append("{\"repo\":\"r").append(i % 20)
          .append("\",\"op\":\"modify\",\"path\":\"f").append(i).append("\",\"content\":\"")
          .append(version).append(' ').append(i).append("\"}\n"));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void holdsSecondVersions() {
    List<String> expected = IntStream.range(0, FILES).mapToObj(i -> "f" + i + " second " + i)
        .toList();
    assertThat(store.content(FeedRig.COLLECTION))
        .extracting((StoredChunk chunk) -> chunk.path() + " " + chunk.content())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void feedReachesEveryNodeThoughTheirClocksDiffer() throws Exception {
    byte[] body = body(0, FILES);
    for (FeedNode node : nodes)
      assertThat(node.sendAll("by " + nodes.indexOf(node), body, LONGEST)).isBetween(1, 5);
    holdsSecondVersions();
  }

  @Test
  void nodeThatHoldsQueuesDiesAndTheOthersUploadNoticesInSeconds() throws Exception {
    byte[] body = body(0, FILES);
    CompletableFuture<Boolean> upload = nodes.get(1).send("nightly", body).toCompletableFuture();
    Await.so("the upload is in the middle", LONGEST,
        () -> store.content(FeedRig.COLLECTION).size() > 100);
    nodes.getFirst().die();
    // Far below the ten minutes that an answer may take.
    upload.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    nodes.get(1).sendAll("nightly", body, LONGEST);
    holdsSecondVersions();
    assertThat(nodes.get(2).sendAll("nightly", body, LONGEST)).as("all is done already")
        .isEqualTo(1);
    holdsSecondVersions();
  }
}
