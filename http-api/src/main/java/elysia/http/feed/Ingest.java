package elysia.http.feed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.change.Change;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.core.change.LinePosition;
import elysia.core.change.Op;
import elysia.core.feed.Applied;
import elysia.core.feed.Changes;
import elysia.core.feed.LineFailure;
import elysia.core.feed.RepeatableGroup;
import elysia.core.feed.Totals;
import elysia.core.feed.Upload;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Unit;
import elysia.http.feed.BodyLines.BodyLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
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
  private static final Problem OTHER_BODY = Problem.of("idempotency_key_reused",
      "Idempotency-Key: another body was sent under this key before",
      "send every body under a key of its own, such as its hash");

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
  private final boolean skips;
  private final SharedKillSwitch reading = KillSwitches.shared("upload");
  private volatile long doneBefore;
  private volatile @Nullable Problem stopped;

  /// @param upload where the client named it
  /// @param maybeSent any line may have been done before, and all are done once more: so a client
  ///          learns what became of lines whose answer it has not seen
  /// @param admitted whether the client may still change anything; asked before each group
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
    this.skips = counted > 0 && !maybeSent;
  }

  /// The answer to a body; runs once. `Refused` when the body is not the one that was sent before
  /// under the upload's key: where lines are skipped, that is known before the answer begins.
  public CompletionStage<Outcome<Source<ByteString, ?>>> answer(Source<ByteString, Object> body,
      Materializer streams) {
    Source<BodyLine, Object> lines = body.via(reading.flow()).map(Optional::of)
        .concat(Source.single(Optional.<ByteString>empty())).statefulMapConcat(this::decoder);
    if (!skips)
      return CompletableFuture.completedFuture(Outcome.ok(answered(lines.filter(this::same))));
    return lines.filter(this::compared).concatLazy(Source.lazySingle(this::end)).prefixAndTail(1)
        .runWith(Sink.head(), streams).whenComplete((_, error) -> {
          if (error != null)
            ended(error);
        }).thenCompose(begun -> begun(begun.second(), streams));
  }

  /// A refusal waits a while for the end of the body: the server closes a connection whose request
  /// is not read to its end, and then the client may not see the answer.
  private CompletionStage<Outcome<Source<ByteString, ?>>> begun(Source<BodyLine, NotUsed> rest,
      Materializer streams) {
    Problem problem = stopped;
    if (problem == null)
      return CompletableFuture
          .completedFuture(Outcome.ok(answered(rest.filter(line -> line.number() > counted))));
    return rest.runWith(Sink.ignore(), streams).handle((_, error) -> {
      ended(error);
      return new Outcome.Refused<>(problem);
    });
  }

  private Source<ByteString, ?> answered(Source<BodyLine, ?> lines) {
    int groups = upload.isPresent() ? 1 : GROUPS_AT_ONCE;
    return lines.groupedWeightedWithin(GROUP_BYTES * groups, Ingest::cost, GATHER)
        .mapConcat(read -> RepeatableGroup.split(read, BodyLine::change))
        .mapAsync(1, this::group).mapConcat(out -> out)
        .concatLazy(Source.lazySingle(this::last)) // not before the others are done
        .keepAlive(HEARTBEAT, this::beat)
        .watchTermination((value, end) -> {
          end.whenComplete((_, error) -> ended(error));
          return value;
        });
  }

  /// Lets the last acknowledged line through, too: it says that the body has been compared up
  /// to there.
  private boolean compared(BodyLine line) {
    if (line.number() > counted)
      return true;
    doneBefore = line.number();
    return line.number() == counted && same(line);
  }

  /// Compares the body with that of the attempt before, as soon as it can be.
  ///
  /// @return true, so that what follows notices that there is no more
  private boolean same(BodyLine line) {
    if (line.number() == counted && upload.flatMap(Upload::fingerprint)
        .filter(before -> !before.equals(line.fingerprint())).isPresent())
      halt(OTHER_BODY);
    return true;
  }

  /// Where the body is shorter than what was acknowledged, it is another one.
  private BodyLine end() {
    if (doneBefore < counted)
      halt(OTHER_BODY);
    return new BodyLine(new Line.Ignored(new LinePosition(counted, 0, 0), Line.Reason.BLANK), "");
  }

  private org.apache.pekko.japi.function.Function<Optional<ByteString>, Iterable<BodyLine>> decoder() {
    BodyLines lines = new BodyLines(settings, upload.isPresent());
    return bytes -> bytes.map(ByteString::toArrayUnsafe).map(lines::feed)
        .orElseGet(lines::finish);
  }

  private static Long cost(BodyLine line) {
    LinePosition position = line.line().position();
    return Math.min(GROUP_BYTES,
        Math.max(position.end() - position.start(), GROUP_BYTES / GROUP_LINES));
  }

  private CompletionStage<List<ByteString>> group(List<BodyLine> lines) {
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

  private CompletionStage<List<ByteString>> admittedGroup(List<BodyLine> lines) {
    List<Change> wanted = new ArrayList<>();
    List<LineFailure> bad = new ArrayList<>();
    for (BodyLine read : lines)
      switch (read.line()) {
        case Line.ChangeLine(var change, _) -> wanted.add(change);
        case Line.BadLine wrong ->
          bad.add(new LineFailure(read.number(), new FilePath("-"),
              Problem.of("bad_line", wrong.text())));
        case Line.Folder(var position, _, var path) ->
          bad.add(new LineFailure(position.line(), path,
              Problem.of("folder", "a folder, which only a client can list",
                  "name its files, or use `elysiactl index sync`")));
        case Line.Marker _,Line.Ignored _ -> {
        }
      }
    Applied refused = new Applied(new Totals(0, 0, 0, 0, bad.size(), 0, 0, 0, 0), bad);
    BodyLine last = lines.getLast();
    boolean maybePart = lines.getFirst().number() <= maybeDone
        && !whollyDone(wanted, last.number());
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

  /// @param maybePart an earlier attempt may have done a part of it before its end
  private CompletionStage<Outcome<Applied>> apply(List<Change> wanted, boolean maybePart) {
    if (wanted.isEmpty())
      return CompletableFuture.completedFuture(Outcome.ok(Applied.NOTHING));
    if (dry)
      return changes.estimate(collection, wanted);
    return changes.apply(collection, wanted, upload, maybePart);
  }

  private CompletionStage<List<ByteString>> done(Applied applied, BodyLine last) {
    CompletionStage<Outcome<Unit>> noted = upload.isPresent()
        ? changes.acknowledge(collection, upload.get(), last.number(), last.fingerprint())
        : CompletableFuture.completedFuture(Unit.ok());
    return noted.thenCompose(outcome -> switch (outcome) {
      case Outcome.Ok<Unit> _ -> {
        totals = totals.plus(applied.totals());
        if (!dry && last.number() > counted)
          changes.count(applied);
        acknowledged = last.number();
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
    halt(problem);
    return CompletableFuture.completedFuture(List.of());
  }

  private void halt(Problem problem) {
    stopped = problem;
    CompletableFuture.delayedExecutor(READS_ON.toMillis(), TimeUnit.MILLISECONDS)
        .execute(reading::shutdown);
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
