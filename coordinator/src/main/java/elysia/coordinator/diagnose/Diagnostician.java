package elysia.coordinator.diagnose;

import elysia.core.diagnose.Check;
import elysia.core.repository.RepositorySettings;
import elysia.core.wire.Wire;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Looks at things on its own node, for any node that asks.
public final class Diagnostician {
  static final ServiceKey<Look> KEY = ServiceKey.create(Look.class, "elysia-diagnostician");

  private Diagnostician() {}

  /// Look at what this repository needs.
  public record Look(RepositorySettings settings, boolean accessOnly,
      ActorRef<Looked> replyTo) implements Wire {}

  /// The findings.
  public record Looked(List<Check> checks) implements Wire {
    public Looked {
      checks = List.copyOf(checks);
    }
  }

  /// @param blocking runs what blocks
  public static Behavior<Look> create(NodeChecks checks, Executor blocking) {
    return Behaviors.setup(context -> {
      context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
      return Behaviors.receiveMessage(look -> {
        blocking.execute(() -> look.replyTo().tell(
            new Looked(checks.look(Optional.of(look.settings()), look.accessOnly()))));
        return Behaviors.same();
      });
    });
  }
}
