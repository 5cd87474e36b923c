package elysia.cli.feed.upload;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.cli.feed.content.ResolvedChange;
import elysia.cli.feed.upload.UploadSettings.OnError;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.identity.Sha256;
import elysia.core.outcome.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Sends batches to the node, and again when it could not take them. Safe for use by
/// several threads.
public final class BatchSender {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500),
      Duration.ofSeconds(20), Duration.ofMillis(100));
  private static final int KEY_DIGITS = 16;

  /// What became of a batch.
  ///
  /// @param totals counts by the names of the API
  public record Sent(Map<String, Long> totals, List<LineBatch.Failed> failed) {}

  private final Session session;
  private final String run;
  private final UploadSettings settings;
  private final Printer looks;

  /// @param run names this run: a batch sent twice in it is done once
  public BatchSender(Session session, String run, UploadSettings settings, Printer looks) {
    this.session = session;
    this.run = run;
    this.settings = settings;
    this.looks = looks;
  }

  /// @param again whether it may have been sent before
  /// @throws Failure it could not be sent, or not wholly: it is to be sent again
  public Sent send(LineBatch batch, boolean again) {
    Map<String, Long> totals = new TreeMap<>();
    List<LineBatch.Failed> failed = new ArrayList<>();
    List<ResolvedChange> items = batch.items();
    for (int attempt = 0; !items.isEmpty(); attempt++) {
      Sent sent = patiently(items, batch.first(), attempt, again);
      List<LineBatch.Failed> now = sent.failed();
      sent.totals().forEach((name, count) -> totals.merge(name, count, Long::sum));
      if (settings.delivery().onError() != OnError.RETRY
          || attempt >= settings.delivery().maxRetries() || now.isEmpty()) {
        failed.addAll(now);
        break;
      }
      totals.merge("failed", (long) -now.size(), Long::sum);
      looks.again(batch, now.size());
      items = leftOver(items, now);
      pause(attempt + 1);
    }
    return new Sent(totals, failed);
  }

  /// What failed, and what came after it for the same files: their order stays.
  private static List<ResolvedChange> leftOver(List<ResolvedChange> items,
      List<LineBatch.Failed> failed) {
    Set<Long> lines = new HashSet<>();
    failed.forEach(one -> lines.add(one.line()));
    Set<String> places = new HashSet<>();
    List<ResolvedChange> left = new ArrayList<>();
    for (ResolvedChange item : items)
      if (lines.contains(item.line()) || !Collections.disjoint(places, item.places())) {
        places.addAll(item.places());
        left.add(item);
      }
    return left;
  }

  private Sent patiently(List<ResolvedChange> items, long first, int round, boolean again) {
    byte[] body = LineBatch.body(items);
    Optional<String> key = settings.dryRun()
        ? Optional.empty()
        : Optional.of(run + ":" + first + ":" + round + ":"
            + Sha256.hex(body).substring(0, KEY_DIGITS));
    for (int attempt = 1;; attempt++)
      try {
        return once(items, body, key, again || attempt > 1);
      } catch (Failure e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || attempt > settings.delivery().maxRetries())
          throw e;
        pause(attempt);
      }
  }

  private Sent once(List<ResolvedChange> items, byte[] body, Optional<String> key, boolean again) {
    List<LineBatch.Failed> failed = new ArrayList<>();
    List<JsonNode> last = new ArrayList<>();
    session.api().changes(settings.collection().value(), body, key, settings.dryRun(), again,
        line -> {
          if (line.has("error"))
            failed.add(failed(items, line));
          else if (line.has("seconds"))
            last.add(line);
        });
    if (last.isEmpty())
      throw new Failure(ExitCode.UNREACHABLE, "the answer of the node was cut off",
          "see whether it still runs: elysiactl server status");
    JsonNode stopped = last.getFirst().path("stopped");
    if (stopped.isObject())
      throw new Failure(
          stopped.path("code").asText().equals("busy") ? ExitCode.UNREACHABLE : ExitCode.PARTIAL,
          stopped.path("message").asText(), stopped.path("hint").asText(),
          Optional.of(stopped.path("code").asText()));
    Map<String, Long> totals = new TreeMap<>();
    last.getFirst().properties().forEach(field -> {
      if (field.getValue().isIntegralNumber() && !field.getKey().equals("acknowledged"))
        totals.put(field.getKey(), field.getValue().asLong());
    });
    return new Sent(totals, failed);
  }

  private static LineBatch.Failed failed(List<ResolvedChange> items, JsonNode line) {
    int at = (int) line.path("line").asLong() - 1;
    long number = at >= 0 && at < items.size() ? items.get(at).line() : 0;
    return new LineBatch.Failed(number, line.path("path").asText(),
        line.path("error").path("code").asText(), line.path("error").path("message").asText());
  }

  private void pause(int attempt) {
    session.environment().pace().pause(BACKOFF.delay(attempt, RandomGenerator.getDefault()));
  }
}
