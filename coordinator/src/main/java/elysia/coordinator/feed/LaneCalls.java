package elysia.coordinator.feed;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Waits for the answers of lanes, wherever they are. A lane that is lost with its node is noticed
/// when the cluster notices the node, and not only when an answer is overdue.
public final class LaneCalls {
  private static final String TIMER = "late";

  /// Asks a lane.
  ///
  /// @param id
  ///          of the lane
  /// @param answer
  ///          is completed with anything but [Lane.Accepted]
  public record Call(String id, Function<ActorRef<Lane.Reply>, Lane.Command> command,
      CompletableFuture<Lane.Reply> answer) {}

  private LaneCalls() {}

  /// @param send
  ///          brings a command to the lane of an id
  public static Behavior<Call> create(BiConsumer<String, Lane.Command> send,
      FeedSettings settings) {
    return Behaviors.setup(context -> Behaviors.receiveMessage(call -> {
      ActorRef<Lane.Reply> waiting = context.spawnAnonymous(waiting(call, settings));
      send.accept(call.id(), call.command().apply(waiting)); // here, so that calls keep their order
      return Behaviors.same();
    }));
  }

  /// The port by which changes are sent, through this actor.
  public static ShardedChanges.Lanes through(ActorRef<Call> calls) {
    return (id, command) -> ask(calls, id, command);
  }

  private static CompletionStage<Lane.Reply> ask(ActorRef<Call> calls, String id,
      Function<ActorRef<Lane.Reply>, Lane.Command> command) {
    CompletableFuture<Lane.Reply> answer = new CompletableFuture<>();
    calls.tell(new Call(id, command, answer));
    return answer;
  }

  private static Behavior<Lane.Reply> waiting(Call call, FeedSettings settings) {
    return Behaviors.withTimers(timers -> Behaviors.setup(context -> {
      timers.startSingleTimer(TIMER, lost("nobody took the changes", settings.accept()),
          settings.accept());
      return Behaviors.receiveMessage(reply -> {
        if (!(reply instanceof Lane.Accepted(var lane, var batch))) {
          call.answer().complete(reply);
          return Behaviors.stopped();
        }
        context.watchWith(lane,
            new Lane.GaveUp("the node that had the changes is lost", Optional.empty()));
        timers.startSingleTimer(TIMER, lost("the changes are not done", settings.answer()),
            settings.answer());
        batch.ifPresent(wanted -> lane.tell(new Lane.Begin(wanted)));
        return Behaviors.same();
      });
    }));
  }

  private static Lane.Reply lost(String what, Duration after) {
    return new Lane.GaveUp(what + " after " + after.toSeconds() + " s", Optional.empty());
  }
}
