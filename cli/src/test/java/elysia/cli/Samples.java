package elysia.cli;

import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.repository.RepositoryStatus.LastError;
import elysia.core.repository.RepositoryStatus.LastSync;
import elysia.core.repository.RepositoryStatus.Progress;
import elysia.core.repository.RepositoryStatus.State;
import elysia.core.repository.SyncCounts;
import elysia.core.repository.VerifyReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Statuses as a node answers them.
final class Samples {
  static final SyncCounts COUNTS = SyncCounts.NONE.withFilesIndexed(118).withFilesRemoved(2)
      .withChunksWritten(1_400).withChunksUnchanged(30).withChunksRemoved(12)
      .withChunksEmbedded(1_250).withChunksReused(150)
      .withFilesSkipped(Map.of("binary", 3L, "too_large", 1L)).withStageMillis(Map.of("detect", 80L,
          "chunk", 1_500L, "lookup", 400L, "embed", 61_000L, "write", 2_200L));
  private static final Discovery DISCOVERY = new Discovery(122, 14, 1_234_567,
      Map.of("java", 100L, "xml", 12L, "markdown", 6L), "maven", Map.of("binary", 4L), 1_430, 75);

  private String name = "demo";
  private State state = State.IDLE;
  private String detail = "";
  private Optional<String> commit = Optional.empty();
  private Optional<Instant> last = Optional.empty();
  private Optional<LastSync> result = Optional.empty();
  private Optional<Progress> progress = Optional.empty();
  private Optional<LastError> trouble = Optional.empty();
  private Optional<VerifyReport> verify = Optional.empty();
  private long failures;

  static Samples repository() {
    return new Samples();
  }

  Samples name(String value) {
    name = value;
    return this;
  }

  Samples state(State value, String why) {
    state = value;
    detail = why;
    return this;
  }

  Samples synced(String syncId) {
    commit = Optional.of("0123456789abcdef0123456789abcdef01234567");
    last = Optional.of(Cli.NOW.minusSeconds(180));
    result = Optional.of(new LastSync(syncId, "completed", "full", Optional.empty(),
        commit.get(), "git", Cli.NOW.minusSeconds(255), Cli.NOW.minusSeconds(180), COUNTS));
    return this;
  }

  Samples syncing(long done, Optional<String> waiting) {
    state = State.SYNCING;
    progress = Optional.of(new Progress("s1", "embed", "full", Optional.empty(), "0123456789abcdef",
        Cli.NOW, done, 122, done * 10_000, 1_220_000, 21.5, Optional.of(65L), SyncCounts.NONE,
        waiting, Optional.of(DISCOVERY)));
    return this;
  }

  Samples trouble(String code, String message, String hint) {
    state = State.WAITING;
    trouble = Optional.of(new LastError(code, message, hint, 1, Cli.NOW,
        Optional.of(Cli.NOW.plusSeconds(90))));
    return this;
  }

  Samples failures(long count) {
    failures = count;
    return this;
  }

  Samples verify(VerifyReport report) {
    verify = Optional.of(report);
    return this;
  }

  RepositoryStatus get() {
    return new RepositoryStatus(name, "https://example.org/" + name + ".git", name,
        Optional.of("main"), Optional.of("30m"), List.of(), List.of("*.min.js"), 1_000_000,
        "embedded", "all-minilm-l6-v2", state, detail, state == State.PAUSED, false, commit, last,
        last, last.map(at -> at.plusSeconds(1_800)), last.map(_ -> 0.98),
        last.map(_ -> 118L), last.map(_ -> 1_430L), progress, result, trouble, failures, verify,
        List.of(), Optional.of("127.0.0.1:25520"));
  }

  static VerifyReport report(String state, Instant at, VerifyReport.Difference... differences) {
    return new VerifyReport(state, false, false, "0123456789abcdef", at, Optional.of(at), 118,
        1_430, Map.of("binary", 4L), differences.length, 0, 0, 0, 0, 0, List.of(differences),
        Optional.empty());
  }
}
