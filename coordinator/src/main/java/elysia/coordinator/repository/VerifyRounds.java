package elysia.coordinator.repository;

import elysia.coordinator.verify.Verification;
import elysia.core.repository.VerifyReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rounds of a verify with repair: it looks, lets a sync repair the differences and looks
/// again, until nothing is left or nothing gets better. They span activities; a restart begins with
/// the first one.
final class VerifyRounds {
  /// Differences are repaired at most a thousand files at a time, so many times.
  private static final int MAX_REPAIRS = 20;

  /// @param repairs done so far
  /// @param found differences of the first round
  /// @param left differences of the last round
  private record Round(RepositoryState.VerifyRequest request, int repairs, long found,
      long left) {}

  private @Nullable Round round;
  private @Nullable VerifyReport last;

  void reset() {
    round = null;
    last = null;
  }

  /// The one that was asked for, or the last one that ended here.
  Optional<VerifyReport> report(RepositoryState state) {
    return state.wanted().verify().map(asked -> new VerifyReport("running", asked.deep(),
        asked.repair(), state.syncedCommit().orElse(""), asked.at(), Optional.empty(), 0, 0,
        Map.of(), 0, 0, 0, 0, 0, 0, List.of(), Optional.empty()))
        .or(() -> Optional.ofNullable(last));
  }

  void begin(RepositoryState.VerifyRequest asked) {
    if (round == null || !round.request().equals(asked))
      round = new Round(asked, 0, 0, 0);
  }

  /// What a round's end means: its differences are repaired and looked for again, or it was
  /// the last.
  Ending end(RepositoryState state, Verification verification, Instant now) {
    if (!repairs(state, verification.report()))
      return new Ending(Transition.VERIFIED, Activity.Idle.NEW,
          List.of(ended(verification, now)));
    List<RepositoryEvent> events = new ArrayList<>(
        List.of(new RepositoryEvent.FilesSuspected(verification.differing(), "verify", now)));
    if (verification.more())
      events.add(new RepositoryEvent.SyncRequested(true, now));
    return new Ending(Transition.REPAIR, Activity.Idle.NEW, events);
  }

  private boolean repairs(RepositoryState state, VerifyReport report) {
    Round now = round;
    if (now == null || !now.request().repair() || report.total() == 0
        || !report.state().equals("done") || now.repairs() >= MAX_REPAIRS || state.paused())
      return false;
    long left = report.total();
    if (now.repairs() > 0 && left >= now.left())
      return false; // writing again does not repair what is left
    round = new Round(now.request(), now.repairs() + 1, now.repairs() == 0 ? left : now.found(),
        left);
    return true;
  }

  private RepositoryEvent ended(Verification verification, Instant now) {
    Round done = round;
    round = null;
    VerifyReport r = verification.report();
    long repaired = done == null || done.repairs() == 0 ? 0 : Math.max(0, done.found() - r.total());
    Instant startedAt = done == null ? r.startedAt() : done.request().at();
    last = new VerifyReport(r.state(), r.deep(), r.repair(), r.commit(), startedAt,
        Optional.of(now), r.files(), r.chunks(), r.skipped(), r.missing(), r.stale(),
        r.wrongLines(), r.extra(), r.unsearchable(), repaired, r.differences(), r.error());
    return new RepositoryEvent.Verified(r.deep(), r.repair(), r.commit(), r.files(), r.chunks(),
        r.missing(), r.stale(), r.wrongLines(), r.extra(), r.unsearchable(), repaired,
        r.error(), startedAt, now);
  }
}
