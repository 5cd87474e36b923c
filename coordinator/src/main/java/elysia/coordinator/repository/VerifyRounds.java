package elysia.coordinator.repository;

import elysia.coordinator.repository.RepositoryCommand.VerifyEnded;
import elysia.coordinator.verify.RetryPolicy;
import elysia.coordinator.verify.Verification;
import elysia.coordinator.verify.Verifier;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.VerifyReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A verify that was asked for: it looks, and where it is to repair, syncs and looks again, until
/// nothing is left or nothing gets better.
final class VerifyRounds {
  /// Differences are mended at most this many thousand files at a time, so many times.
  private static final int MAX_REPAIR_ROUNDS = 20;

  /// @param number
  ///          repairs done so far
  /// @param found
  ///          differences of the first round
  /// @param left
  ///          differences of the last round
  private record Round(RepositoryState.VerifyRequest request, int number, long found,
      long left) {}

  private final RepositoryRuntime runtime;
  private final Background background;
  private @Nullable Round round;
  private @Nullable VerifyReport last;

  VerifyRounds(RepositoryRuntime runtime, Background background) {
    this.runtime = runtime;
    this.background = background;
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  void reset() {
    round = null;
    last = null;
  }

  /// The one that was asked for, or the last one that ended here.
  Optional<VerifyReport> report(RepositoryState state) {
    return state.verify().map(asked -> new VerifyReport("running", asked.deep(), asked.repair(),
        state.synced().flatMap(RepositoryState.Synced::commit).orElse(""), asked.at(),
        Optional.empty(), 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, List.of(), Optional.empty()))
        .or(() -> Optional.ofNullable(last));
  }

  /// Looks; answered with [VerifyEnded].
  void start(RepositoryState.VerifyRequest asked, RepositoryState state,
      RepositorySettings settings, int activity) {
    if (round == null || !round.request().equals(asked))
      round = new Round(asked, 0, 0, 0);
    Verifier verifier = new Verifier(runtime.source(), runtime.store(), runtime.chunker(),
        runtime.clock(), new RetryPolicy(runtime.settings().redelivery(),
            runtime.settings().verifyTimeout(), runtime.random(), Thread::sleep));
    Optional<String> commit = state.synced().flatMap(RepositoryState.Synced::commit);
    background.run(() -> verifier.verify(settings, commit, asked.deep(), asked.repair()),
        found -> new VerifyEnded(activity, found.report(), found.differing(), found.more()),
        error -> new Verification(Verifier.failed(asked.at(), now(), commit.orElse(""),
            asked.deep(), asked.repair(), "unexpected failure: " + error), List.of(), false));
  }

  /// Whether the differences are to be mended and looked for again.
  boolean repairs(RepositoryState state, VerifyEnded ended) {
    Round now = round;
    if (now == null || !now.request().repair() || ended.report().total() == 0
        || !ended.report().state().equals("done") || now.number() >= MAX_REPAIR_ROUNDS
        || state.paused())
      return false;
    long left = ended.report().total();
    if (now.number() > 0 && left >= now.left())
      return false; // writing anew does not mend what is left
    round = new Round(now.request(), now.number() + 1, now.number() == 0 ? left : now.found(),
        left);
    return true;
  }

  RepositoryEvent ended(VerifyEnded ended) {
    Round done = round;
    round = null;
    VerifyReport r = ended.report();
    long repaired = done == null || done.number() == 0 ? 0 : Math.max(0, done.found() - r.total());
    Instant startedAt = done == null ? r.startedAt() : done.request().at();
    last = new VerifyReport(r.state(), r.deep(), r.repair(), r.commit(), startedAt,
        Optional.of(now()), r.files(), r.chunks(), r.skipped(), r.missing(), r.stale(),
        r.wrongLines(), r.extra(), r.unsearchable(), repaired, r.differences(), r.error());
    return new RepositoryEvent.Verified(r.deep(), r.repair(), r.commit(), r.files(), r.chunks(),
        r.missing(), r.stale(), r.wrongLines(), r.extra(), r.unsearchable(), repaired,
        r.error(), startedAt, now());
  }
}
