package elysia.deploy.node;

import elysia.coordinator.dispatch.Dispatcher;
import elysia.core.outcome.Outcome;
import elysia.core.repository.Page;
import elysia.core.repository.Repositories;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a node that a command started, when nobody needs it: no request, no work and no schedule
/// for a while.
final class IdleExit implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(IdleExit.class);
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Duration ASK = Duration.ofSeconds(5);
  private static final int PAGE = 10_000;

  private final Duration idle;
  private final ActorSystem<?> system;
  private final MeterRegistry registry;
  private final Repositories repositories;
  private final ActorRef<Dispatcher.Command> dispatcher;

  private IdleExit(Duration idle, ActorSystem<?> system, MeterRegistry registry,
      Repositories repositories, ActorRef<Dispatcher.Command> dispatcher) {
    this.idle = idle;
    this.system = system;
    this.registry = registry;
    this.repositories = repositories;
    this.dispatcher = dispatcher;
  }

  /// @param idle zero for never
  static void watch(Duration idle, ActorSystem<?> system, MeterRegistry registry,
      Repositories repositories, ActorRef<Dispatcher.Command> dispatcher) {
    if (idle.isZero())
      return;
    Thread.ofVirtual().name("idle-exit")
        .start(new IdleExit(idle, system, registry, repositories, dispatcher));
  }

  @Override
  public void run() {
    long lastUse = System.nanoTime(); // not the wall clock, which may be set
    long requests = requests();
    try {
      while (System.nanoTime() - lastUse < idle.toNanos()) {
        Thread.sleep(LOOK.compareTo(idle) < 0 ? LOOK : idle);
        long now = requests();
        if (now != requests || busy())
          lastUse = System.nanoTime();
        requests = now;
      }
      LOG.info("nobody used this node for {}: it ends", idle);
      system.terminate();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long requests() {
    return registry.find("elysiactl.http.request").timers().stream().mapToLong(Timer::count).sum();
  }

  private boolean busy() {
    CompletionStage<Dispatcher.Load> load = AskPattern.ask(dispatcher, Dispatcher.GetLoad::new, ASK,
        system.scheduler());
    Dispatcher.Load work = load.exceptionally(_ -> new Dispatcher.Load(0, 0, 1, 0))
        .toCompletableFuture().join();
    if (work.queued() > 0 || work.running() > 0)
      return true;
    Outcome<Page<RepositoryStatus>> page = repositories.list(PAGE, Optional.empty())
        .toCompletableFuture().join();
    return !(page instanceof Outcome.Ok<Page<RepositoryStatus>>(var rows))
        || rows.items().stream().anyMatch(r -> (r.schedule().isPresent() && !r.paused())
            || !(r.state() == State.IDLE || r.state() == State.PAUSED));
  }
}
