package elysia.deploy.chaos;

import elysia.deploy.harness.Cluster;
import elysia.testkit.node.Network;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.openai.OpenAiFaultServer;
import elysia.testkit.process.Folders;
import elysia.testkit.weaviate.Fault.Kind;
import elysia.testkit.weaviate.Fault.On;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/// What can go wrong. Each begins, lasts a while, and ends.
enum Fault {
  NODE_KILLED, OLDEST_KILLED, TWO_KILLED, NODE_PAUSED, NODE_ISOLATED, ONE_WAY_CUT, LINKS_BAD, NODE_LEFT, ROLLING_RESTART, DATABASE_STOPPED, DATABASE_KILLED, STORE_GONE, STORE_LIMITS, STORE_REFUSES, STORE_RESETS, STORE_HALF_WRITES, STORE_ANSWERS_LATE, STORE_HANGS, STORE_LOSES_ANSWERS, EMBEDDER_LIMITS, EMBEDDER_FAILS, EMBEDDER_RESETS, EMBEDDER_HANGS, CLONES_GONE, DISK_FULL, CLOCK_SET;

  /// What faults act on.
  record Stage(Cluster cluster, OpenAiFaultServer embedder, SplittableRandom random,
      Supervisor supervisor) {

    Network network() {
      return cluster.network().orElseThrow();
    }

    int anyNode() {
      return random.nextInt(cluster.nodes().size());
    }

    List<Integer> nodes(int number) {
      List<Integer> all = new ArrayList<>();
      for (int i = 0; i < cluster.nodes().size(); i++)
        all.add(i);
      Collections.shuffle(all, new Random(random.nextLong()));
      return all.subList(0, number);
    }
  }

  /// Ends a fault.
  interface End {
    void end() throws IOException;
  }

  /// A fault with what it was done to.
  record Begun(String what, End end) {}

  /// Whether it can be done here.
  boolean possible(Cluster cluster) {
    return switch (this) {
      case NODE_ISOLATED, ONE_WAY_CUT, LINKS_BAD -> cluster.network().isPresent();
      case TWO_KILLED -> cluster.nodes().size() >= 5;
      case CLOCK_SET -> !cluster.clocks().isEmpty();
      case DISK_FULL -> Files.isExecutable(NodeProcess.PRLIMIT);
      default -> true;
    };
  }

  /// Whether another may begin while it lasts: services and links, not nodes, of which a majority
  /// is to stay.
  boolean light() {
    return switch (this) {
      case NODE_KILLED, OLDEST_KILLED, TWO_KILLED, NODE_PAUSED, NODE_ISOLATED, ONE_WAY_CUT,
          NODE_LEFT, ROLLING_RESTART, STORE_GONE ->
        false;
      default -> true;
    };
  }

  Begun begin(Stage stage) throws IOException {
    Cluster cluster = stage.cluster();
    return switch (this) {
      case NODE_KILLED -> killed(stage, stage.nodes(1));
      case OLDEST_KILLED -> killed(stage, List.of(stage.supervisor().oldest()));
      case TWO_KILLED -> killed(stage, stage.nodes(2));
      case NODE_PAUSED -> {
        int node = stage.anyNode();
        yield new Begun("node " + node, stage.supervisor().pause(node));
      }
      case NODE_ISOLATED -> {
        int node = stage.anyNode();
        stage.network().isolate(node);
        yield new Begun("node " + node, stage.network()::heal);
      }
      case ONE_WAY_CUT -> {
        List<Integer> two = stage.nodes(2);
        stage.network().cut(two.getFirst(), two.getLast());
        yield new Begun("from " + two.getFirst() + " to " + two.getLast(),
            stage.network()::heal);
      }
      case LINKS_BAD -> {
        for (int a = 0; a < cluster.nodes().size(); a++)
          for (int b = 0; b < a; b++)
            stage.network().spoil(a, b, Duration.ofMillis(stage.random().nextInt(20, 300)), 0.01);
        yield new Begun("all", stage.network()::heal);
      }
      case NODE_LEFT -> left(stage);
      case ROLLING_RESTART -> {
        for (int node = 0; node < cluster.nodes().size(); node++)
          stage.supervisor().restart(node);
        yield new Begun("all", () -> {});
      }
      case DATABASE_STOPPED -> {
        cluster.postgres().stop();
        yield new Begun("", cluster.postgres()::start);
      }
      case DATABASE_KILLED -> {
        cluster.postgres().kill();
        yield new Begun("", cluster.postgres()::start);
      }
      case STORE_GONE -> {
        cluster.stopStore();
        yield new Begun("", cluster::startStore);
      }
      case STORE_LIMITS -> store(stage, Kind.RATE_LIMIT, 0.5, 2);
      case STORE_REFUSES -> store(stage, Kind.UNAVAILABLE, 0.7, 1);
      case STORE_RESETS -> store(stage, Kind.RESET, 0.3, 1);
      case STORE_HALF_WRITES -> store(stage, Kind.HALF_BATCH, 0.4, 1);
      case STORE_ANSWERS_LATE -> store(stage, Kind.DONE_BUT_LATE, 0.5, 4_000);
      case STORE_HANGS -> store(stage, Kind.SLOW, 0.3, 30_000);
      case STORE_LOSES_ANSWERS -> store(stage, Kind.HALF_ANSWER, 0.3, 1);
      case EMBEDDER_LIMITS -> embedder(stage, "STATUS", 429);
      case EMBEDDER_FAILS -> embedder(stage, "STATUS", 500);
      case EMBEDDER_RESETS -> embedder(stage, "RESET", 0);
      case EMBEDDER_HANGS -> embedder(stage, "HANG", 0);
      case DISK_FULL -> full(stage);
      case CLOCK_SET -> clockSet(stage);
      case CLONES_GONE -> {
        int node = stage.anyNode();
        Folders.delete(cluster.node(node).home().resolve("clones"));
        yield new Begun("node " + node, () -> {});
      }
    };
  }

  /// No file of a node grows any more, nor one of the programs that it starts.
  private static Begun full(Stage stage) {
    int node = stage.anyNode();
    NodeProcess process = stage.cluster().node(node);
    process.fileSize("0");
    return new Begun("node " + node, () -> process.fileSize("unlimited"));
  }

  /// A node's clock is off by an hour, and is set right again in the end.
  private static Begun clockSet(Stage stage) {
    int node = stage.anyNode();
    Duration ahead = Duration.ofHours(stage.random().nextBoolean() ? 1 : -1);
    stage.cluster().clocks().get(node).set(ahead);
    return new Begun("node " + node + " by " + ahead,
        () -> stage.cluster().clocks().get(node).set(Duration.ZERO));
  }

  private static Begun killed(Stage stage, List<Integer> nodes) {
    nodes.forEach(stage.supervisor()::kill);
    return new Begun("nodes " + nodes, () -> nodes.forEach(stage.supervisor()::wanted));
  }

  private static Begun left(Stage stage) {
    int node = stage.anyNode();
    stage.supervisor().stop(node);
    return new Begun("node " + node, () -> stage.supervisor().wanted(node));
  }

  private static Begun store(Stage stage, Kind kind, double probability, int number) {
    stage.cluster().store().faults().add(elysia.testkit.weaviate.Fault
        .sometimes(kind, On.ANY, probability, stage.random().nextLong()).withNumber(number));
    return new Begun(kind + " " + probability, stage.cluster().store().faults()::clear);
  }

  private static Begun embedder(Stage stage, String kind, int status) {
    var fault = elysia.testkit.openai.Fault.Kind.valueOf(kind);
    stage.embedder().add(new elysia.testkit.openai.Fault(fault, -1, 0.5, status, 0, "{}",
        status == 429 ? Map.of("Retry-After", "2") : Map.of()));
    return new Begun(kind + " " + status, stage.embedder()::heal);
  }
}
