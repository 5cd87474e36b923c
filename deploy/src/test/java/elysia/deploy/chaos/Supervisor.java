package elysia.deploy.chaos;

import elysia.deploy.harness.Cluster;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts every node again that has ended and is wanted, as systemd or Kubernetes does. A node that
/// was downed ends by itself, so there is much to do for it.
final class Supervisor implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Cluster cluster;
  private final AtomicBoolean ended;
  private final Set<Integer> unwanted = ConcurrentHashMap.newKeySet();
  private final Set<Integer> paused = ConcurrentHashMap.newKeySet();
  private final List<Integer> byAge = new ArrayList<>();
  private final AtomicInteger restarts = new AtomicInteger();

  Supervisor(Cluster cluster, AtomicBoolean ended) {
    this.cluster = cluster;
    this.ended = ended;
    for (int i = 0; i < cluster.nodes().size(); i++)
      byAge.add(i);
  }

  @Override
  public void run() {
    try {
      while (!ended.get()) {
        for (int i = 0; i < cluster.nodes().size(); i++)
          if (!unwanted.contains(i))
            running(i);
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void running(int i) {
    NodeProcess node = cluster.node(i);
    if (node.alive() || unwanted.contains(i))
      return;
    restarts.incrementAndGet();
    LOG.info("node {} has ended and is started again", i);
    born(i);
    node.launch();
  }

  private void born(int node) {
    byAge.remove(Integer.valueOf(node));
    byAge.add(node);
  }

  /// Nodes that it started again.
  int restarts() {
    return restarts.get();
  }

  synchronized int oldest() {
    return byAge.getFirst();
  }

  synchronized void kill(int node) {
    unwanted.add(node);
    if (cluster.node(node).alive())
      cluster.node(node).kill();
  }

  void stop(int node) {
    unwanted.add(node);
    if (cluster.node(node).alive())
      cluster.node(node).stop();
  }

  void wanted(int node) {
    unwanted.remove(node);
  }

  void restart(int node) {
    stop(node);
    wanted(node);
    Await.so("node " + node + " is back", Duration.ofMinutes(3),
        () -> cluster.node(node).ready());
  }

  Fault.End pause(int node) {
    NodeProcess process = cluster.node(node);
    if (!process.alive() || !paused.add(node))
      return () -> {};
    process.signal("STOP");
    return () -> {
      paused.remove(node);
      if (process.alive())
        process.signal("CONT");
    };
  }
}
