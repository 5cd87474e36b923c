package elysia.bench.start;

import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/// Starts of nodes and commands, beside that of a JVM that does nothing.
public final class StartUp implements Benchmark {
  private static final int NODES = 5;
  private static final int COMMANDS = 9;
  private static final Path NOTHING = Path.of("/dev/null");

  @Override
  public void measure(Lab lab) {
    boolean trained = Files.isReadable(
        lab.launcher().resolve("../../aot/node.jsa").normalize());
    String note = trained ? "with archives" : "WITHOUT archives";
    double jvm = median(COMMANDS, _ -> nothing());
    List<Double> processor = new ArrayList<>();
    lab.tell(Figure.of("start-up", "node, from its start to ready, median of " + NODES,
        median(NODES, i -> ready(lab, "start" + i, processor)), "s")
        .beside("a JVM that does nothing", jvm).atMost(2)
        .noting(note + processor(processor)));
    processor.clear();
    double again = again(lab, processor);
    lab.tell(Figure.of("start-up", "the same on a home that has indexed code", again, "s")
        .atMost(2).noting(note + processor(processor)));
    try (MeasuredNode node = lab.start("clients", Map.of("ELYSIACTL_EMBEDDER", "constant"))) {
      for (List<String> command : List.of(List.of("repo", "list"), List.of("server", "status"),
          List.of("--help")))
        command(lab, node, command, jvm, note);
    }
  }

  private static void command(Lab lab, MeasuredNode node, List<String> command, double jvm,
      String note) {
    List<Double> processor = new ArrayList<>();
    double seconds = median(COMMANDS, _ -> {
      Finished program = node.cli(command.toArray(String[]::new));
      processor.add(program.processor());
      return program.seconds();
    });
    lab.tell(Figure.of("start-up", "elysiactl " + String.join(" ", command) + ", median of "
        + COMMANDS, seconds, "s").beside("a JVM that does nothing", jvm).atMost(0.4)
        .noting(note + processor(processor)));
  }

  private static double ready(Lab lab, String name, List<Double> processor) {
    try (MeasuredNode node = lab.start(name, Map.of())) {
      processor.add(node.readyProcessor());
      return node.readyAfter().toNanos() / 1e9;
    }
  }

  private static String processor(List<Double> seconds) {
    return String.format(Locale.ROOT, ", %.2f s of processor time",
        seconds.stream().sorted().skip(seconds.size() / 2).findFirst().orElse(0.0));
  }

  /// Starts again where a node has indexed something.
  private static double again(Lab lab, List<Double> processor) {
    try (MeasuredNode first = lab.start("again", Map.of("ELYSIACTL_EMBEDDER", "constant"))) {
      var _ = first.cli("repo", "add", lab.code().folder().toString(), "--name", Lab.CODE);
    }
    return median(3, _ -> ready(lab, "again", processor));
  }

  private static double nothing() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes;
    try {
      classes = Path.of(Nothing.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toRealPath().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return Finished.run(Path.of("."), Map.of(), MeasuredNode.LIMIT, NOTHING,
        List.of(java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes,
            Nothing.class.getName()))
        .good().seconds();
  }

  private static double median(int times, IntToDoubleFunction measured) {
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < times; i++)
      all.add(measured.applyAsDouble(i));
    return all.stream().sorted().skip(times / 2).findFirst().orElseThrow();
  }
}
