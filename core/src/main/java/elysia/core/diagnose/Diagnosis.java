package elysia.core.diagnose;

import elysia.core.diagnose.Check.Status;
import elysia.core.wire.Wire;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The findings of a careful look at a repository.
///
/// @param node address of the node that looked; the one on which the repository lives unless a check
///          says otherwise
/// @param result the worst of the checks
/// @param checks in the order in which a sync needs them
public record Diagnosis(String name, String location, Optional<String> node, Instant at,
    Status result, List<Check> checks) implements Wire {
  public Diagnosis {
    checks = List.copyOf(checks);
  }

  public static Diagnosis of(String name, String location, Optional<String> node, Instant at,
      List<Check> checks) {
    return new Diagnosis(name, location, node, at,
        checks.stream().map(Check::status).max(Comparator.naturalOrder()).orElse(Status.OK),
        checks);
  }
}
