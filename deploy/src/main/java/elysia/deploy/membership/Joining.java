package elysia.deploy.membership;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the node a member and then keeps the cluster's claim on its journal: asks the others for
/// as long as it takes, and forms a new cluster when none of them answers and the claim is free. The
/// order of the list decides who tries first; that there is one cluster is up to the claim.
public final class Joining implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  /// For the others to answer; each place further back in the list waits so much longer.
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final Duration TELL = Duration.ofSeconds(10);
  private static final Duration RENEW = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final Membership membership;
  private final SeedList seeds;
  private final Claim claim;
  private List<Address> asked = List.of();
  private long askedAt = System.nanoTime();
  private long toldAt = System.nanoTime();
  private Optional<Claim.Held> held = Optional.empty();

  public Joining(ActorSystem<?> system, Membership membership, Claim claim) {
    this.cluster = Cluster.get(system);
    this.membership = membership;
    this.seeds = SeedList.of(membership);
    this.claim = claim;
  }

  /// Runs until it is interrupted or the node is no member any more.
  @Override
  public void run() {
    try {
      while (!member()) {
        look();
        Thread.sleep(LOOK);
      }
      LOG.info("{} is a member of the cluster", self());
      while (member()) {
        if (self().equals(cluster.state().getLeader()))
          renew();
        Thread.sleep(RENEW);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean member() {
    MemberStatus status = cluster.selfMember().status();
    return !status.equals(MemberStatus.removed()) && !cluster.isTerminated();
  }

  private Address self() {
    return cluster.selfMember().address();
  }

  private void look() {
    List<Address> found = new ArrayList<>();
    for (String seed : seeds.find())
      found.add(address(seed));
    int place = found.indexOf(self());
    List<Address> others = found.stream().filter(address -> !address.equals(self())).toList();
    if (!others.equals(asked)) {
      asked = others;
      askedAt = System.nanoTime();
      if (!others.isEmpty())
        cluster.manager().tell(new JoinSeedNodes(others));
    }
    boolean alone = membership.name().isEmpty() && others.isEmpty()
        && (place >= 0 || found.isEmpty());
    if (alone || (place >= 0 && since(askedAt).compareTo(PATIENCE.multipliedBy(place + 1L)) > 0))
      form();
    if (since(toldAt).compareTo(TELL) > 0) {
      toldAt = System.nanoTime();
      LOG.warn("not a member yet: {}", why(found, place));
    }
  }

  private void form() {
    try {
      held = claim.take(self().toString());
      if (held.isEmpty())
        cluster.manager().tell(Join.create(self()));
    } catch (SQLException e) {
      LOG.warn("a cluster cannot be formed while the journal's database does not answer: {}",
          e.toString());
    }
  }

  private String why(List<Address> found, int place) {
    if (held.isPresent())
      return "a cluster uses this journal, whose leader " + held.get().holder() + " was there "
          + held.get().age().toSeconds() + " s ago, and it does not answer here"
          + (membership.seeds().isEmpty() && membership.name().isEmpty()
              ? " (to join it set ELYSIACTL_SEEDS; one journal is for one cluster)"
              : " (is its port reachable from here, with the same TLS settings?)");
    String where = membership.name().map(name -> name.host() + " stands for " + found)
        .orElse("asked were " + asked);
    if (found.isEmpty())
      return where + ": no address (expected: one for each node, also before it is ready)";
    return "nobody answers; " + where + (place >= 0
        ? ""
        : "; this node, " + self()
            + ", is none of them and waits for one of them to form a cluster");
  }

  private void renew() {
    try {
      claim.renew(self().toString());
    } catch (SQLException e) {
      LOG.debug("claim not renewed", e); // the journal's health tells of the database
    }
  }

  /// For a graceful end: when nobody is left, the next start need not wait.
  public void leave() {
    try {
      int members = 0;
      for (var _ : cluster.state().getMembers())
        members++;
      if (members <= 1)
        claim.release();
    } catch (SQLException e) {
      LOG.debug("claim not released", e);
    }
  }

  private Address address(String seed) {
    int colon = seed.lastIndexOf(':');
    return new Address(self().protocol(), self().system(), seed.substring(0, colon),
        Integer.parseInt(seed.substring(colon + 1)));
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
