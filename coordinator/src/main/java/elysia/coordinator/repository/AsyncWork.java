package elysia.coordinator.repository;

import elysia.coordinator.verify.RetryPolicy;
import elysia.coordinator.verify.Verification;
import elysia.coordinator.verify.Verifier;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.RepositorySettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs what blocks away from a repository's actor; the result comes back as one command. An
/// exception is a bug, answered so that nothing hangs.
record AsyncWork(ActorContext<RepositoryCommand> context, String name, RepositoryRuntime runtime) {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncWork.class);

  /// @param generation of the activity that waits for the result
  <T> void run(int generation, Supplier<Outcome<T>> blocking,
      Function<Outcome<T>, ActivityResult> result) {
    run(generation, blocking, result, error -> Outcome.refused("internal_error",
        "unexpected failure: " + error, "see the log of the node"));
  }

  /// @param failed what an exception is answered with
  private <T> void run(int generation, Supplier<T> blocking, Function<T, ActivityResult> result,
      Function<Throwable, T> failed) {
    context.pipeToSelf(CompletableFuture.supplyAsync(blocking, runtime.blocking()),
        (value, error) -> {
          if (error == null)
            return new RepositoryCommand.Result(generation, result.apply(value));
          LOG.error("{}: unexpected failure", name, error);
          return new RepositoryCommand.Result(generation, result.apply(failed.apply(error)));
        });
  }

  /// The same work, its time told to the listener.
  private <T> Supplier<T> timed(String stage, Supplier<T> work) {
    return () -> {
      long start = System.nanoTime();
      T result = work.get();
      runtime.listener().timed(stage, Duration.ofNanos(System.nanoTime() - start));
      return result;
    };
  }

  void pull(int generation, RepositorySettings settings) {
    run(generation, timed("pull", () -> runtime.source().pull(settings.source())),
        ActivityResult.PullEnded::new);
  }

  void prepare(int generation, Supplier<Outcome<SyncPreparation.Prepared>> preparation) {
    run(generation, timed("detect", preparation), ActivityResult.PreparationEnded::new);
  }

  void count(int generation, CollectionName collection) {
    run(generation,
        () -> runtime.store().count(collection, Optional.of(new RepositoryName(name))),
        ActivityResult.Counted::new);
  }

  void verify(int generation, RepositorySettings settings, Optional<String> commit,
      RepositoryState.VerifyRequest asked) {
    Verifier verifier = new Verifier(runtime.source(), runtime.store(), runtime.chunker(),
        runtime.clock(), new RetryPolicy(runtime.settings().redelivery(),
            runtime.settings().verifyTimeout(), runtime.random(), Thread::sleep));
    this.<Verification>run(generation,
        () -> verifier.verify(settings, commit, asked.deep(), asked.repair()),
        ActivityResult.VerifyEnded::new,
        error -> new Verification(Verifier.failed(asked.at(), runtime.clock().instant(),
            commit.orElse(""), asked.deep(), asked.repair(), "unexpected failure: " + error),
            List.of(), false));
  }

  void remove(int generation, RepositorySettings settings, boolean deleteCollection) {
    run(generation, () -> runtime.store().removeRepository(settings.collection(), settings.name())
        .flatMap(_ -> deleteCollection
            ? runtime.store().drop(settings.collection())
            : Outcome.ok(false))
        .flatMap(dropped -> runtime.source().forget(settings.source()).map(_ -> dropped)),
        ActivityResult.RemovalEnded::new);
  }
}
