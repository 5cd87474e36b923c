package elysia.coordinator.repository;

import elysia.coordinator.repository.RepositoryCommand.VerifyEnded;
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

  /// @param round
  ///          repairs done so far
  /// @param found
  ///          differences of the first round
  /// @param left
  ///          differences of the last round
  private record Request(boolean deep, boolean repair, int round, long found, long left,
      Instant startedAt) {}

  private final RepositoryRuntime runtime;
  private final Background background;
  private @Nullable Request request;
  private @Nullable VerifyReport report;

  VerifyRounds(RepositoryRuntime runtime, Background background) {
    this.runtime = runtime;
    this.background = background;
  }

  private Instant now() {
    return runtime.clock().instant();
  }

  void reset() {
    request = null;
    report = null;
  }

  boolean wanted() {
    return request != null;
  }

  /// The one that runs, or the last one.
  Optional<VerifyReport> report() {
    return Optional.ofNullable(report);
  }

  void want(RepositoryState state, boolean deep, boolean repair) {
    if (request != null)
      return;
    request = new Request(deep, repair, 0, 0, 0, now());
    report = new VerifyReport("running", deep, repair,
        state.synced().flatMap(RepositoryState.Synced::commit).orElse(""), now(), Optional.empty(),
        0, 0, Map.of(), 0, 0, 0, 0, 0, 0, List.of(), Optional.empty());
  }

  /// Looks; answered with [VerifyEnded].
  void start(RepositoryState state, RepositorySettings settings, int activity) {
    Request now = request;
    if (now == null)
      return;
    Verifier verifier = new Verifier(runtime.source(), runtime.store(), runtime.chunker(),
        runtime.clock());
    Optional<String> commit = state.synced().flatMap(RepositoryState.Synced::commit);
    background.run(() -> verifier.verify(settings, commit, now.deep(), now.repair()),
        found -> new VerifyEnded(activity, found.report(), found.differing(), found.more()),
        error -> new Verification(Verifier.failed(now.startedAt(), now(), commit.orElse(""),
            now.deep(), now.repair(), "unexpected failure: " + error), List.of(), false));
  }

  /// Whether the differences are to be mended and looked for again.
  boolean repairs(RepositoryState state, VerifyEnded ended) {
    Request now = request;
    if (now == null || !now.repair() || ended.report().total() == 0
        || !ended.report().state().equals("done") || now.round() >= MAX_REPAIR_ROUNDS
        || state.paused())
      return false;
    long left = ended.report().total();
    if (now.round() > 0 && left >= now.left())
      return false; // writing anew does not mend what is left
    request = new Request(now.deep(), true, now.round() + 1,
        now.round() == 0 ? left : now.found(), left, now.startedAt());
    return true;
  }

  RepositoryEvent ended(VerifyEnded ended) {
    Request done = request;
    request = null;
    VerifyReport r = ended.report();
    long repaired = done == null || done.round() == 0 ? 0 : Math.max(0, done.found() - r.total());
    Instant startedAt = done == null ? r.startedAt() : done.startedAt();
    report = new VerifyReport(r.state(), r.deep(), r.repair(), r.commit(), startedAt,
        Optional.of(now()), r.files(), r.chunks(), r.skipped(), r.missing(), r.stale(),
        r.wrongLines(), r.extra(), r.unsearchable(), repaired, r.differences(), r.error());
    return new RepositoryEvent.Verified(r.deep(), r.repair(), r.commit(), r.files(), r.chunks(),
        r.missing(), r.stale(), r.wrongLines(), r.extra(), r.unsearchable(), repaired,
        r.error(), startedAt, now());
  }
}
