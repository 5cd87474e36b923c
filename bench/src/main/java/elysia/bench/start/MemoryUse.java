package elysia.bench.start;

import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;

/// Memory of the node that has indexed the code of the lab with the distribution's model.
public final class MemoryUse implements Benchmark {
  @Override
  public void measure(Lab lab) {
    MeasuredNode node = lab.indexed();
    double heap = node.metric("jvm_memory_max_bytes{area=\"heap\"") / (1 << 20);
    double used = node.metric("jvm_memory_used_bytes{area=\"heap\"") / (1 << 20);
    lab.tell(Figure.of("memory", "heap that the node may use", heap, "MiB").atMost(512)
        .noting("used now: " + Math.round(used) + " MiB"));
    lab.tell(Figure.of("memory", "peak of the process, model included", node.peakMemory(), "MiB"));
  }
}
