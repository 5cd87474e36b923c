package elysia.coordinator.repository;

import java.util.List;
import java.util.Optional;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/// A repository's slot among those that pull or sync on its node; it has at most one.
final class Slot {
  private final ActorRef<Slots.Command> slots;
  private final ActorRef<RepositoryCommand> owner;
  private Slots.@Nullable Kind held;
  private Slots.@Nullable Kind wanted;

  Slot(ActorRef<Slots.Command> slots, ActorRef<RepositoryCommand> owner) {
    this.slots = slots;
    this.owner = owner;
  }

  /// [RepositoryCommand.SlotGranted] comes, unless it has it.
  void acquire(Slots.Kind kind) {
    if (held == kind)
      return;
    if (held != null)
      release();
    if (wanted != kind) {
      if (wanted != null)
        slots.tell(new Slots.Release(wanted, owner));
      wanted = kind;
      slots.tell(new Slots.Acquire(kind, owner));
    }
  }

  void granted(Slots.Kind kind) {
    if (wanted == kind) {
      wanted = null;
      held = kind;
    } else if (held != kind)
      slots.tell(new Slots.Release(kind, owner));
  }

  void release() {
    if (held != null)
      slots.tell(new Slots.Release(held, owner));
    if (wanted != null)
      slots.tell(new Slots.Release(wanted, owner));
    held = null;
    wanted = null;
  }

  /// Gives back whatever an earlier life may have had.
  void reset() {
    held = null;
    wanted = null;
    for (Slots.Kind kind : List.of(Slots.Kind.PULL, Slots.Kind.SYNC))
      slots.tell(new Slots.Release(kind, owner));
  }

  Optional<Slots.Kind> held() {
    return Optional.ofNullable(held);
  }

  boolean waitedFor() {
    return wanted != null;
  }
}
