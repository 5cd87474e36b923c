package elysia.coordinator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.batch.Batch;
import elysia.core.batch.BatchId;
import elysia.core.batch.BatchResult;
import elysia.core.batch.FileContent;
import elysia.core.batch.FileTask;
import elysia.core.batch.WorkerPool;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.wire.Wire;
import elysia.testkit.store.TestChunks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Every message that crosses nodes comes out as it went in.
class WireTest {
  private static final ActorTestKit KIT = ActorTestKit
      .create(ActorRig.CONFIG.withFallback(ConfigFactory.load()));

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private static List<Wire> asTheyArrive(List<Wire> messages) {
    return messages.stream()
        .map(message -> KIT.serializationTestKit().verifySerialization(message, false)).toList();
  }

  @Test
  void commandsToRepositories() {
    TestProbe<RepositoryCommand.Reply> to = KIT.createTestProbe();
    TestProbe<RepositoryCommand.Failures> failures = KIT.createTestProbe();
    TestProbe<RepositoryCommand.SettingsReply> settings = KIT.createTestProbe();
    List<Wire> messages = List.of(new RepositoryCommand.Add(Samples.SETTINGS, to.ref()),
        new RepositoryCommand.Update(Samples.SETTINGS, to.ref()),
        new RepositoryCommand.GetStatus(to.ref()),
        new RepositoryCommand.GetFailures(failures.ref()),
        new RepositoryCommand.GetSettings(settings.ref()),
        new RepositoryCommand.Sync(true, to.ref()), new RepositoryCommand.Pause(to.ref()),
        new RepositoryCommand.Resume(to.ref()), new RepositoryCommand.Retry(to.ref()),
        new RepositoryCommand.Verify(true, false, to.ref()),
        new RepositoryCommand.Remove(true, to.ref()),
        new RepositoryCommand.LateWrites(List.of(new FilePath("a\"b"))),
        RepositoryCommand.Stop.STOP, RepositoryCommand.Wake.WAKE);
    assertThat(asTheyArrive(messages)).isEqualTo(messages);
  }

  @Test
  void answersOfRepositories() {
    List<Wire> messages = List.of(
        new RepositoryCommand.Answer(
            StatusOf.of(TestChunks.REPO, Samples.state(), StatusOfTest.now(StatusOfTest.SYNCING)),
            true),
        new RepositoryCommand.Refusal(Samples.PROBLEM),
        new RepositoryCommand.Failures(List.of(Samples.FAILURE)),
        new RepositoryCommand.SettingsReply(Optional.of(Samples.SETTINGS)),
        new RepositoryCommand.SettingsReply(Optional.empty()));
    assertThat(asTheyArrive(messages)).isEqualTo(messages);
  }

  @Test
  void workAndItsAnswers() {
    TestProbe<WorkerPool.Reply> to = KIT.createTestProbe();
    TestProbe<WorkerPool.Command> pool = KIT.createTestProbe();
    BatchId id = new BatchId("run", 7);
    Batch batch = new Batch(id, new CollectionName("c"), TestChunks.MODEL, TestChunks.REPO, "c1",
        List.of(
            new FileTask.Index(new FilePath("a"), FileContent.of(new byte[]{0, -1, 127}),
                "{\"k\":1}"),
            new FileTask.Index(new FilePath("\"\\377\""), FileContent.of(new byte[0])),
            new FileTask.Remove(new FilePath("b")),
            new FileTask.Move(new FilePath("c"), new FilePath("d"))),
        true);
    List<Wire> messages = List.of(new WorkerPool.Work(batch, Samples.AT, to.ref()),
        new WorkerPool.Renew(List.of(id), Samples.AT, to.ref()), new WorkerPool.Cancel(id),
        new WorkerPool.Done(id,
            new BatchResult(Samples.COUNTS,
                List.of(new BatchResult.Failure(new FilePath("a"), "rejected", "why")))),
        new WorkerPool.Deferred(id, "down", Optional.of(Duration.ofMillis(1500)), true),
        new WorkerPool.Deferred(id, "down", Optional.empty(), false),
        new WorkerPool.Failed(id, Samples.PROBLEM),
        new WorkerPool.Alive(pool.ref(), List.of(id), 1, 2, 3.5, Optional.of(Samples.AT)),
        new WorkerPool.Reclaim(List.of(id), 3, 9, to.ref()),
        new WorkerPool.Reclaimed(pool.ref(), List.of(id), 9),
        new WorkerPool.Late(TestChunks.REPO, List.of(new FilePath("a"))));
    assertThat(asTheyArrive(messages)).isEqualTo(messages);
  }
}
