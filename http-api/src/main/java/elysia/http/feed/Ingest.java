package elysia.http.feed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.change.Change;
import elysia.core.change.ChangeDecoder;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.core.change.Op;
import elysia.core.feed.Applied;
import elysia.core.feed.Changes;
import elysia.core.feed.LineFailure;
import elysia.core.feed.Renames;
import elysia.core.feed.Totals;
import elysia.core.feed.Upload;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// One upload: lines in, groups of changes to the port one after the other, lines out. Reads no
/// faster than the changes are done. When it must stop it reads on for a while without effect, so
/// that a client that sends before it reads sees the answer.
public final class Ingest {
  /// Of lines in a group. An upload with a name has small groups: the last one of an attempt has to
  /// be done again when it is resumed.
  private static final long GROUP_BYTES = 128 << 10;
  private static final int GROUP_LINES = 100;
  private static final int GROUPS_AT_ONCE = 4;
  private static final Duration GATHER = Duration.ofMillis(200);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration READS_ON = Duration.ofSeconds(5);

  private final Changes changes;
  private final CollectionName collection;
  private final Optional<Upload> upload;
  private final boolean dry;
  private final ChangeSettings settings;
  private final Supplier<Outcome<Unit>> admitted;
  private final long start = System.nanoTime();
  private volatile long acknowledged;
  private volatile Totals totals = Totals.NONE;
  private final long counted;
  private final long maybeDone;
  private final boolean firstResumed;
  private final SharedKillSwitch reading = KillSwitches.shared("upload");
  private volatile long doneBefore;
  private volatile @Nullable Problem stopped;

  /// @param upload
  ///          where the client named it
  /// @param maybeSent
  ///          any line may have been done before, and all are done once more: so a client learns
  ///          what became of lines whose answer it has not seen
  /// @param admitted
  ///          whether the client may still change anything; asked before each group
  public Ingest(Changes changes, CollectionName collection, Optional<Upload> upload, boolean dry,
      boolean maybeSent, ChangeSettings settings, Supplier<Outcome<Unit>> admitted) {
    this.changes = changes;
    this.collection = collection;
    this.upload = upload;
    this.dry = dry;
    this.settings = settings;
    this.admitted = admitted;
    this.counted = upload.map(Upload::acknowledged).orElse(0L);
    this.acknowledged = maybeSent ? 0 : counted;
    this.maybeDone = maybeSent
        ? Long.MAX_VALUE
        : upload.filter(Upload::resumed).map(_ -> counted + GROUP_LINES + 1).orElse(0L);
    this.firstResumed = upload.filter(u -> u.resumed() && u.attempt() == 2).isPresent();
  }

  /// The answer to a body; runs once.
  public Source<ByteString, ?> answer(Source<ByteString, Object> body) {
    long before = acknowledged;
    int groups = upload.isPresent() ? 1 : GROUPS_AT_ONCE;
    return body.via(reading.flow()).map(Optional::of)
        .concat(Source.single(Optional.<ByteString>empty())).statefulMapConcat(this::decoder)
        .filter(line -> wanted(line, before))
        .groupedWeightedWithin(GROUP_BYTES * groups, Ingest::cost, GATHER)
        .mapConcat(Ingest::repeatable)
        .mapAsync(1, this::group).mapConcat(lines -> lines)
        .concatLazy(Source.lazySingle(this::last)) // not before the others are done
        .keepAlive(HEARTBEAT, this::beat)
        .watchTermination((value, end) -> {
          end.whenComplete((_, error) -> ended(error));
          return value;
        });
  }

  private boolean wanted(Line line, long before) {
    if (line.position().line() > before)
      return true;
    doneBefore = line.position().line();
    return false;
  }

  private org.apache.pekko.japi.function.Function<Optional<ByteString>, Iterable<Line>> decoder() {
    List<Line> read = new ArrayList<>();
    ChangeDecoder decoder = new ChangeDecoder(settings, read::add);
    return bytes -> {
      read.clear();
      bytes.map(ByteString::toArrayUnsafe).ifPresentOrElse(
          piece -> decoder.feed(piece, 0, piece.length), decoder::finish);
      return List.copyOf(read);
    };
  }

  /// Groups that do no harm when they are done again.
  static List<List<Line>> repeatable(List<Line> lines) {
    List<List<Line>> groups = new ArrayList<>();
    Renames renames = new Renames();
    List<Line> group = new ArrayList<>();
    for (Line line : lines) {
      if (line instanceof Line.ChangeLine(var change, _) && !renames.add(change)) {
        groups.add(group);
        group = new ArrayList<>();
        renames.clear();
        renames.add(change);
      }
      group.add(line);
    }
    groups.add(group);
    return groups;
  }

  private static Long cost(Line line) {
    return Math.min(GROUP_BYTES,
        Math.max(line.position().end() - line.position().start(), GROUP_BYTES / GROUP_LINES));
  }

  private CompletionStage<List<ByteString>> group(List<Line> lines) {
    if (stopped != null)
      return CompletableFuture.completedFuture(List.of());
    return notAdmitted().map(this::stop).orElseGet(() -> admittedGroup(lines));
  }

  private Optional<Problem> notAdmitted() {
    return switch (admitted.get()) {
      case Outcome.Ok<Unit> _ -> Optional.empty();
      case Outcome.Busy<Unit>(_, var reason, _) -> Optional.of(Problem.of("busy", reason,
          "send everything after the acknowledged line again"));
      case Outcome.Refused<Unit> _ -> Optional.of(Problem.of("unauthenticated",
          "token: revoked or expired meanwhile",
          "send everything after the acknowledged line again with another token"));
    };
  }

  private CompletionStage<List<ByteString>> admittedGroup(List<Line> lines) {
    List<Change> wanted = new ArrayList<>();
    List<LineFailure> bad = new ArrayList<>();
    for (Line line : lines)
      switch (line) {
        case Line.ChangeLine(var change, _) -> wanted.add(change);
        case Line.BadLine wrong ->
          bad.add(new LineFailure(line.position().line(), new FilePath("-"),
              Problem.of("bad_line", wrong.text())));
        case Line.Folder(var position, _, var path) ->
          bad.add(new LineFailure(position.line(), path,
              Problem.of("folder", "a folder, which only a client can list",
                  "name its files, or use `elysiactl index sync`")));
        case Line.Marker _,Line.Ignored _ -> {
        }
      }
    Applied refused = new Applied(new Totals(0, 0, 0, 0, bad.size(), 0, 0, 0, 0), bad);
    long last = lines.getLast().position().line();
    boolean maybePart = lines.getFirst().position().line() <= maybeDone
        && !whollyDone(wanted, last);
    return apply(wanted, maybePart).thenCompose(outcome -> switch (outcome) {
      case Outcome.Ok<Applied>(var applied) -> done(refused.plus(applied), last);
      case Outcome.Busy<Applied>(_, var reason, _) -> stop(Problem.of("busy", reason,
          "send everything after the acknowledged line again"));
      case Outcome.Refused<Applied>(var problem) -> stop(problem);
    });
  }

  /// What an earlier attempt has done and acknowledged can be done once more as if it were new,
  /// where nothing is moved. After a second attempt it is not known any more: that one may have been
  /// cut off in doing it once more.
  private boolean whollyDone(List<Change> wanted, long last) {
    return firstResumed && last <= counted
        && wanted.stream().noneMatch(change -> change.op() == Op.RENAME);
  }

  /// @param maybePart
  ///          an earlier attempt may have done a part of it before its end
  private CompletionStage<Outcome<Applied>> apply(List<Change> wanted, boolean maybePart) {
    if (wanted.isEmpty())
      return CompletableFuture.completedFuture(Outcome.ok(Applied.NOTHING));
    if (dry)
      return changes.estimate(collection, wanted);
    return changes.apply(collection, wanted, upload, maybePart);
  }

  private CompletionStage<List<ByteString>> done(Applied applied, long last) {
    CompletionStage<Outcome<Unit>> noted = upload.isPresent()
        ? changes.acknowledge(collection, upload.get(), last)
        : CompletableFuture.completedFuture(Unit.ok());
    return noted.thenCompose(outcome -> switch (outcome) {
      case Outcome.Ok<Unit> _ -> {
        totals = totals.plus(applied.totals());
        if (!dry && last > counted)
          changes.count(applied);
        acknowledged = last;
        List<ByteString> out = new ArrayList<>();
        for (LineFailure failure : applied.failures())
          out.add(FeedRoutes.line(failure));
        out.add(ack());
        yield CompletableFuture.completedFuture(out);
      }
      case Outcome.Busy<Unit>(_, var reason, _) -> stop(Problem.of("busy", reason,
          "send everything after the acknowledged line again"));
      case Outcome.Refused<Unit>(var problem) -> stop(problem);
    });
  }

  private CompletionStage<List<ByteString>> stop(Problem problem) {
    stopped = problem;
    CompletableFuture.delayedExecutor(READS_ON.toMillis(), TimeUnit.MILLISECONDS)
        .execute(reading::shutdown);
    return CompletableFuture.completedFuture(List.of());
  }

  private void ended(@Nullable Throwable error) {
    if (dry)
      return;
    Problem why = stopped != null || error == null
        ? stopped
        : Problem.of("disconnected", "the client went away");
    changes.ended(Duration.ofNanos(System.nanoTime() - start), Optional.ofNullable(why));
  }

  /// Where nothing came for a while: reports the acknowledged line, and ends when the client may no
  /// longer change anything.
  private ByteString beat() {
    if (stopped == null)
      notAdmitted().ifPresent(problem -> {
        stopped = problem;
        reading.shutdown();
      });
    return ack();
  }

  private ByteString ack() {
    ObjectNode line = Json.mapper().createObjectNode();
    return FeedRoutes.line(line.put("acknowledged", acknowledged));
  }

  private ByteString last() {
    ObjectNode line = Json.mapper().valueToTree(totals);
    line.put("seconds", (System.nanoTime() - start) / 1e9);
    if (doneBefore > 0)
      line.put("done_before", doneBefore);
    Problem why = stopped;
    if (why != null) {
      line.put("acknowledged", acknowledged);
      line.set("stopped", Json.mapper().valueToTree(why));
    }
    return FeedRoutes.line(line);
  }
}
