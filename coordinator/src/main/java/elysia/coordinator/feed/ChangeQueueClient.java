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

/// Sends commands to change queues on any node and waits for their answers. A queue that is lost
/// with its node is noticed when the cluster notices the node, and not only when an answer
/// is overdue.
public final class ChangeQueueClient {
  private static final String TIMER = "late";

  /// A command for a queue, and its answer.
  ///
  /// @param id of the queue
  /// @param answer is completed with anything but [ChangeQueue.Accepted]
  public record Request(String id,
      Function<ActorRef<ChangeQueue.Reply>, ChangeQueue.Command> command,
      CompletableFuture<ChangeQueue.Reply> answer) {}

  private ChangeQueueClient() {}

  /// @param send brings a command to the queue of an id
  public static Behavior<Request> create(BiConsumer<String, ChangeQueue.Command> send,
      FeedSettings settings) {
    return Behaviors.setup(context -> Behaviors.receiveMessage(request -> {
      ActorRef<ChangeQueue.Reply> waiting = context.spawnAnonymous(waiting(request, settings));
      send.accept(request.id(), request.command().apply(waiting)); // here, so that requests keep
                                                                   // their order
      return Behaviors.same();
    }));
  }

  /// The port by which changes are sent, through this actor.
  public static ShardedChanges.Queues through(ActorRef<Request> client) {
    return (id, command) -> ask(client, id, command);
  }

  private static CompletionStage<ChangeQueue.Reply> ask(ActorRef<Request> client, String id,
      Function<ActorRef<ChangeQueue.Reply>, ChangeQueue.Command> command) {
    CompletableFuture<ChangeQueue.Reply> answer = new CompletableFuture<>();
    client.tell(new Request(id, command, answer));
    return answer;
  }

  private static Behavior<ChangeQueue.Reply> waiting(Request request, FeedSettings settings) {
    return Behaviors.withTimers(timers -> Behaviors.setup(context -> {
      timers.startSingleTimer(TIMER, lost("nobody took the changes", settings.accept()),
          settings.accept());
      return Behaviors.receiveMessage(reply -> {
        if (!(reply instanceof ChangeQueue.Accepted(var queue, var batch))) {
          request.answer().complete(reply);
          return Behaviors.stopped();
        }
        context.watchWith(queue,
            new ChangeQueue.GaveUp("the node that had the changes is lost", Optional.empty()));
        timers.startSingleTimer(TIMER, lost("the changes are not done", settings.answer()),
            settings.answer());
        queue.tell(new ChangeQueue.Begin(batch));
        return Behaviors.same();
      });
    }));
  }

  private static ChangeQueue.Reply lost(String what, Duration after) {
    return new ChangeQueue.GaveUp(what + " after " + after.toSeconds() + " s", Optional.empty());
  }
}
