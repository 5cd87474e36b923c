package elysia.coordinator.repository;

import elysia.core.outcome.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs what blocks away from a repository's actor. An exception is a bug, answered so that
/// nothing hangs.
record Background(ActorContext<RepositoryCommand> context, String name,
    RepositoryRuntime runtime) {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  <T> void run(int activity, Supplier<Outcome<T>> blocking,
      BiFunction<Integer, Outcome<T>, RepositoryCommand> message) {
    run(blocking, outcome -> message.apply(activity, outcome), error -> Outcome
        .refused("internal_error", "unexpected failure: " + error, "see the log of the node"));
  }

  /// @param failed
  ///          what an exception is answered with
  <T> void run(Supplier<T> blocking, Function<T, RepositoryCommand> message,
      Function<Throwable, T> failed) {
    context.pipeToSelf(CompletableFuture.supplyAsync(blocking, runtime.blocking()),
        (result, error) -> {
          if (error == null)
            return message.apply(result);
          LOG.error("{}: unexpected failure", name, error);
          return message.apply(failed.apply(error));
        });
  }

  /// The same work, its time told to the listener.
  <T> Supplier<T> timed(String stage, Supplier<T> work) {
    return () -> {
      long start = System.nanoTime();
      T result = work.get();
      runtime.listener().timed(stage, Duration.ofNanos(System.nanoTime() - start));
      return result;
    };
  }
}
