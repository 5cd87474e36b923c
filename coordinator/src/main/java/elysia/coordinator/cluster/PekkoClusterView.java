package elysia.coordinator.cluster;

import elysia.core.cluster.ClusterStatus;
import elysia.core.cluster.ClusterView;
import elysia.core.store.StoreHealth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/// The cluster by Pekko's membership and the nodes' own reports.
public final class PekkoClusterView implements ClusterView {
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final String version;
  private final InstantSource clock;
  private final Supplier<StoreHealth> store;
  private final Supplier<StoreHealth> journal;
  private final String embedder;
  private final List<String> warnings;
  private volatile boolean serving;

  /// @param store how the store fares; answers at once
  /// @param journal how the journal's database fares; answers at once
  /// @param embedder in words
  /// @param warnings that hold as long as the node runs
  public PekkoClusterView(ActorSystem<?> system, String version, InstantSource clock,
      Supplier<StoreHealth> store, Supplier<StoreHealth> journal, String embedder,
      List<String> warnings) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.version = version;
    this.clock = clock;
    this.store = store;
    this.journal = journal;
    this.embedder = embedder;
    this.warnings = List.copyOf(warnings);
  }

  /// Everything of this node is started.
  public void serving() {
    serving = true;
  }

  @Override
  public CompletionStage<ClusterStatus> status() {
    CompletionStage<Receptionist.Listing> found = AskPattern.ask(system.receptionist(),
        replyTo -> Receptionist.find(NodeReporter.KEY, replyTo), REPORT_TIMEOUT,
        system.scheduler());
    return found.thenCompose(listing -> reports(listing.getServiceInstances(NodeReporter.KEY)))
        .exceptionally(_ -> Map.of()).thenApply(this::status);
  }

  private CompletionStage<Map<String, NodeReporter.Report>> reports(
      Set<ActorRef<NodeReporter.GetReport>> reporters) {
    List<CompletableFuture<Optional<NodeReporter.Report>>> asked = new ArrayList<>();
    for (ActorRef<NodeReporter.GetReport> reporter : reporters) {
      CompletionStage<NodeReporter.Report> report = AskPattern.ask(reporter,
          NodeReporter.GetReport::new, REPORT_TIMEOUT, system.scheduler());
      asked.add(report.<Optional<NodeReporter.Report>>handle(
          (r, error) -> error == null ? Optional.of(r) : Optional.empty()).toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(_ -> {
      Map<String, NodeReporter.Report> byAddress = new HashMap<>();
      for (CompletableFuture<Optional<NodeReporter.Report>> answer : asked)
        answer.getNow(Optional.empty()).ifPresent(r -> byAddress.put(r.address(), r));
      return byAddress;
    });
  }

  private ClusterStatus status(Map<String, NodeReporter.Report> reports) {
    CurrentClusterState state = cluster.state();
    List<String> unreachable = state.getUnreachable().stream().map(m -> m.address().toString())
        .sorted().toList();
    List<ClusterStatus.Member> members = new ArrayList<>();
    state.getMembers().forEach(member -> members.add(member(member, unreachable,
        Optional.ofNullable(reports.get(member.address().toString())))));
    StoreHealth storeHealth = store.get();
    StoreHealth journalHealth = journal.get();
    List<String> all = new ArrayList<>(warnings);
    if (members.size() == 2)
      all.add(
          "two nodes do not survive each other: when one is lost the other may stop as well; run one, or three or more");
    return new ClusterStatus(version, clock.instant(), cluster.selfMember().address().toString(),
        Optional.ofNullable(state.getLeader()).map(Object::toString), members,
        unreachable, storeHealth.text(), storeHealth.ok(), journalHealth.text(), journalHealth.ok(),
        embedder, all);
  }

  private static ClusterStatus.Member member(Member member, List<String> unreachable,
      Optional<NodeReporter.Report> report) {
    Set<String> roles = new HashSet<>(member.getRoles());
    roles.removeIf(role -> role.startsWith("dc-"));
    String address = member.address().toString();
    return new ClusterStatus.Member(address, roles,
        member.status().toString().toLowerCase(Locale.ROOT), unreachable.contains(address),
        report.map(NodeReporter.Report::version).orElse(""),
        report.map(NodeReporter.Report::shards).filter(n -> n >= 0),
        report.map(NodeReporter.Report::repositories).filter(n -> n >= 0),
        report.map(NodeReporter.Report::queued), report.map(NodeReporter.Report::running),
        report.map(NodeReporter.Report::chunksPerSecond));
  }

  @Override
  public Readiness readiness() {
    if (!serving)
      return new Readiness(false, "starting");
    MemberStatus status = cluster.selfMember().status();
    if (!status.equals(MemberStatus.up()) && !status.equals(MemberStatus.weaklyUp()))
      return new Readiness(false, "not a member of the cluster: " + status);
    StoreHealth journalHealth = journal.get();
    return journalHealth.ok()
        ? new Readiness(true, "")
        : new Readiness(false, journalHealth.text());
  }
}
