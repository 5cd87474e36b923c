package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.coordinator.journal.JournalAvailability;
import elysia.core.feed.Upload;
import elysia.core.outcome.Outcome;
import elysia.core.store.StoredChunk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The journal's database goes while a feed is under way: whoever asks it gets no answer.
class FeedOutageTest {
  private static final int FILES = 1_000;
  private static final long LONGEST_SECONDS = 60;
  private static final byte[] BODY = IntStream.range(0, FILES)
      .mapToObj(i -> "{\"repo\":\"r\",\"op\":\"modify\",\"path\":\"" + i
          + "\",\"content\":\"line " + i + "\"}\n")
      .collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8);
  private FeedRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new FeedRig(1);
  }

  @AfterEach
  void end() {
    rig.databaseIsBack();
    rig.close();
  }

  private Set<String> stored() {
    return rig.store.content(FeedRig.COLLECTION).stream()
        .map((StoredChunk chunk) -> chunk.path().value()).collect(Collectors.toSet());
  }

  private static Set<String> files(long count) {
    return IntStream.range(0, (int) count).mapToObj(String::valueOf).collect(Collectors.toSet());
  }

  private Outcome<Upload> begun(String key) throws Exception {
    return rig.begin(key).toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void uploadIsRefusedOnceTheOutageIsKnownAndTakenWhenItIsOver() throws Exception {
    assertThat(rig.ready()).isInstanceOf(Outcome.Ok.class);
    rig.databaseGoes(0);
    Outcome<Upload> refused = new Outcome.Busy<>("journal_unavailable", FeedRig.DOWN,
        JournalAvailability.RETRY_AFTER);
    assertThat(begun("waits while it becomes known")).isEqualTo(refused);
    assertThat(rig.begin("knows")).isCompletedWithValue(refused);
    assertThat(rig.ready()).isEqualTo(refused);
    rig.databaseIsBack();
    assertThat(rig.ready()).isInstanceOf(Outcome.Ok.class);
    assertThat(begun("after it").orElseThrow().acknowledged()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 11, 30})
  void uploadInTheMiddleLosesNothingAndAcknowledgesOnlyWhatIsStored(int call) throws Exception {
    rig.databaseGoes(call);
    List<JsonNode> answer = rig.send("nightly", BODY, BODY.length).toCompletableFuture()
        .get(LONGEST_SECONDS, TimeUnit.SECONDS);
    JsonNode last = answer.getLast();
    assertThat(last.path("stopped").path("code").asText()).as(last.toString()).isEqualTo("busy");
    assertThat(last.path("stopped").path("message").asText()).isEqualTo(FeedRig.DOWN);
    assertThat(last.path("acknowledged").asLong()).isLessThan(FILES);
    assertThat(stored()).containsAll(files(last.path("acknowledged").asLong()));
    rig.databaseIsBack();
    Upload resumed = begun("nightly").orElseThrow();
    assertThat(stored()).containsAll(files(resumed.acknowledged()));
    rig.sendAll("nightly", BODY);
    assertThat(stored()).isEqualTo(files(FILES));
  }
}
