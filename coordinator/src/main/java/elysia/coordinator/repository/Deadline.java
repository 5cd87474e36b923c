package elysia.coordinator.repository;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A point in time that was written down by a clock that may have been set back since: nobody waits
/// for it longer than such a wait can be.
final class Deadline {
  private record Seen(Instant written, Instant at, Instant end) {}

  private final Duration longest;
  private @Nullable Seen seen;

  /// @param longest wait that is ever meant
  Deadline(Duration longest) {
    this.longest = longest;
  }

  /// When the wait ends; empty when it has.
  Optional<Instant> ahead(Instant written, Instant now) {
    if (!written.isAfter(now))
      return Optional.empty();
    Seen known = seen;
    if (known == null || !known.written().equals(written) || now.isBefore(known.at())) {
      Instant latest = now.plus(longest);
      known = new Seen(written, now, written.isAfter(latest) ? latest : written);
      seen = known;
    }
    return known.end().isAfter(now) ? Optional.of(known.end()) : Optional.empty();
  }
}
