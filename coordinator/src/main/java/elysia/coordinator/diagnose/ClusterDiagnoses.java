package elysia.coordinator.diagnose;

import elysia.coordinator.diagnose.Diagnostician.Look;
import elysia.coordinator.diagnose.Diagnostician.Looked;
import elysia.coordinator.repository.RepositoryActor;
import elysia.coordinator.repository.RepositoryCommand;
import elysia.core.diagnose.Check;
import elysia.core.diagnose.Check.Area;
import elysia.core.diagnose.Diagnoses;
import elysia.core.diagnose.Diagnosis;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.repository.FileFailure;
import elysia.core.repository.LogEntry;
import elysia.core.repository.Page;
import elysia.core.repository.Repositories;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;

/// Asks the node where a repository lives to look; where that node is silent, this one looks
/// instead and says so.
public final class ClusterDiagnoses implements Diagnoses {
  private static final int EVENTS = 50;
  /// More than what one look may take, for the way there and back.
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final Repositories repositories;
  private final NodeChecks here;
  private final Duration quick;
  private final Duration patience;
  private final InstantSource clock;
  private final Executor blocking;
  private final String address;

  /// @param quick for a repository to answer
  public ClusterDiagnoses(ActorSystem<?> system, Repositories repositories, NodeChecks here,
      Duration quick, DiagnoseSettings settings, InstantSource clock, Executor blocking) {
    this.system = system;
    this.repositories = repositories;
    this.here = here;
    this.quick = quick;
    this.patience = settings.patience().plus(MARGIN);
    this.clock = clock;
    this.blocking = blocking;
    this.address = Cluster.get(system).selfMember().address().toString();
  }

  @Override
  public CompletionStage<Outcome<Diagnosis>> diagnose(String name, boolean accessOnly) {
    if (!RepositoryName.MANAGED.matcher(name).matches())
      return CompletableFuture.completedFuture(missing(name));
    CompletionStage<RepositoryCommand.SettingsReply> asked = ClusterSharding.get(system)
        .entityRefFor(RepositoryActor.TYPE_KEY, name)
        .ask(RepositoryCommand.GetSettings::new, quick);
    return asked.handle((reply, error) -> {
      if (error != null)
        return silent(name, accessOnly);
      return reply.settings().isEmpty()
          ? CompletableFuture.<Outcome<Diagnosis>>completedFuture(missing(name))
          : known(name, reply.settings().get(), accessOnly);
    }).thenCompose(stage -> stage);
  }

  private static <T> Outcome<T> missing(String name) {
    return Outcome.refused("repository_not_found", "no repository " + name, "see `repo list`");
  }

  /// The repository itself does not answer: then its node, or the journal, is to blame.
  private CompletionStage<Outcome<Diagnosis>> silent(String name, boolean accessOnly) {
    return CompletableFuture.supplyAsync(() -> {
      List<Check> checks = new ArrayList<>();
      checks.add(Check.failed(Area.HISTORY, "state",
          "The repository gives no answer within " + quick.toSeconds() + " s.",
          "Commands for it are refused; what is indexed stays searchable.",
          "Its node may just have left, or the journal may be down: see the other checks, then look again.",
          "elysiactl server status", "elysiactl repo diagnose " + name));
      checks.addAll(here.look(Optional.empty(), accessOnly));
      return Outcome.ok(
          Diagnosis.of(name, "", Optional.of(address), clock.instant(), checks));
    }, blocking);
  }

  private CompletionStage<Outcome<Diagnosis>> known(String name, RepositorySettings settings,
      boolean accessOnly) {
    CompletionStage<Outcome<RepositoryStatus>> status = repositories.status(name);
    CompletionStage<List<Check>> looked = status.thenCompose(
        answer -> look(answer instanceof Outcome.Ok<RepositoryStatus>(var known)
            ? known.node()
            : Optional.empty(), settings, accessOnly));
    CompletionStage<List<Check>> history = accessOnly
        ? CompletableFuture.completedFuture(List.of())
        : history(name, status);
    return looked.thenCombine(history, (found, remembered) -> {
      List<Check> checks = new ArrayList<>(found);
      checks.addAll(remembered);
      return Outcome.ok(Diagnosis.of(name, settings.source().location(),
          status.toCompletableFuture().join() instanceof Outcome.Ok<RepositoryStatus>(var s)
              ? s.node()
              : Optional.of(address),
          clock.instant(), checks));
    });
  }

  private CompletionStage<List<Check>> history(String name,
      CompletionStage<Outcome<RepositoryStatus>> status) {
    CompletionStage<List<FileFailure>> failures = repositories.failures(name)
        .thenApply(outcome -> outcome instanceof Outcome.Ok<List<FileFailure>>(var all)
            ? all
            : List.of());
    CompletionStage<List<LogEntry>> log = repositories.log(name, EVENTS, Optional.empty())
        .thenApply(outcome -> outcome instanceof Outcome.Ok<Page<LogEntry>>(var page)
            ? page.items()
            : List.of());
    return status.thenCombine(failures.thenCombine(log,
        (files, events) -> new Remembered(files, events)),
        (answer, remembered) -> answer instanceof Outcome.Ok<RepositoryStatus>(var known)
            ? HistoryChecks.of(known, remembered.failures(), remembered.log())
            : List.of());
  }

  private record Remembered(List<FileFailure> failures, List<LogEntry> log) {}

  private CompletionStage<List<Check>> look(Optional<String> node, RepositorySettings settings,
      boolean accessOnly) {
    if (node.isEmpty() || node.get().equals(address))
      return CompletableFuture.supplyAsync(() -> here.look(Optional.of(settings), accessOnly),
          blocking);
    CompletionStage<Receptionist.Listing> listed = AskPattern.ask(system.receptionist(),
        replyTo -> Receptionist.find(Diagnostician.KEY, replyTo), quick, system.scheduler());
    return listed.thenCompose(listing -> {
      Optional<ActorRef<Look>> there = listing.getServiceInstances(Diagnostician.KEY).stream()
          .filter(ref -> at(ref, node.get())).findFirst();
      return there.isEmpty()
          ? CompletableFuture.<Looked>failedFuture(new IllegalStateException("not there"))
          : AskPattern.<Look, Looked>ask(there.get(),
              replyTo -> new Look(settings, accessOnly, replyTo), patience, system.scheduler());
    }).thenApply(Looked::checks)
        .exceptionallyCompose(_ -> CompletableFuture.supplyAsync(() -> {
          List<Check> checks = new ArrayList<>();
          checks.add(Check.failed(Area.HISTORY, "node", "The node of the repository, " + node.get()
              + ", does not answer; what follows is what " + address + " sees.",
              "The repository moves to another node when the cluster has given it up.",
              "Look again in a minute.", "elysiactl server status"));
          checks.addAll(here.look(Optional.of(settings), accessOnly));
          return checks;
        }, blocking));
  }

  private static boolean at(ActorRef<?> ref, String node) {
    Address there = ref.path().address();
    return there.toString().equals(node);
  }
}
