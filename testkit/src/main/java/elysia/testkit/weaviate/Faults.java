package elysia.testkit.weaviate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// The faults that are set, and how often each has met a request. Thread-safe.
public final class Faults {
  private static final class Active {
    private final Fault fault;
    private final Random dice;
    private long left;

    Active(Fault fault) {
      this.fault = fault;
      this.dice = new Random(fault.seed());
      this.left = fault.times();
    }
  }

  private final List<Active> active = new ArrayList<>();
  private final Map<Fault.Kind, Integer> met = new EnumMap<>(Fault.Kind.class);

  Faults() {}

  public synchronized void add(Fault fault) {
    active.add(new Active(fault));
  }

  /// From now on every request works.
  public synchronized void clear() {
    active.clear();
  }

  /// How many requests a kind of fault has met.
  public synchronized int met(Fault.Kind kind) {
    return met.getOrDefault(kind, 0);
  }

  /// How many requests each kind of fault has met.
  synchronized Map<Fault.Kind, Integer> met() {
    return new EnumMap<>(met);
  }

  synchronized Optional<Fault> meet(Fault.On on) {
    for (Active a : active) {
      boolean concerned = a.fault.on() == Fault.On.ANY || a.fault.on() == on;
      if (concerned && a.left > 0 && a.dice.nextDouble() < a.fault.probability()) {
        a.left--;
        met.merge(a.fault.kind(), 1, Integer::sum);
        return Optional.of(a.fault);
      }
    }
    return Optional.empty();
  }
}
