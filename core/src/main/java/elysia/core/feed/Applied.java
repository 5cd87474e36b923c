package elysia.core.feed;

import java.util.ArrayList;
import java.util.List;

/// What became of changes.
public record Applied(Totals totals, List<LineFailure> failures) {
  public static final Applied NOTHING = new Applied(Totals.NONE, List.of());

  public Applied {
    failures = List.copyOf(failures);
  }

  public Applied plus(Applied other) {
    List<LineFailure> both = new ArrayList<>(failures);
    both.addAll(other.failures);
    return new Applied(totals.plus(other.totals), both);
  }
}
