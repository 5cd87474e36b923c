package elysia.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import elysia.core.json.Json;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects figures and prints them.
final class Report {
  private final PrintStream progress;
  private final List<Figure> figures = new ArrayList<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final double loadAtStart = load();

  /// @param progress gets each figure as soon as it is known
  Report(PrintStream progress) {
    this.progress = progress;
  }

  void add(Figure figure) {
    figures.add(figure);
    progress.println("  " + line(figure));
  }

  void failed(String benchmark, String why) {
    failures.put(benchmark, why);
    progress.println("  failed: " + why);
  }

  boolean good() {
    return failures.isEmpty();
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /// Where and when this was measured.
  private Map<String, Object> machine(String version) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("date", Instant.now().toString());
    machine.put("version", version);
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("processor", Machine.processor());
    machine.put("memory_mib", Machine.memory());
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version")
        + " " + System.getProperty("os.arch"));
    machine.put("java", System.getProperty("java.vm.version"));
    machine.put("load_at_start", loadAtStart);
    machine.put("load_at_end", load());
    return machine;
  }

  String json(String version) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine(version));
    all.put("figures", figures);
    all.put("failures", failures);
    try {
      return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  String table(String version) {
    StringBuilder out = new StringBuilder();
    machine(version).forEach((key, value) -> out.append(key).append(": ").append(value)
        .append('\n'));
    out.append("\n| benchmark | figure | measured | limit in this run | of it | goal | |\n")
        .append("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (Figure figure : figures)
      out.append(row(figure)).append('\n');
    failures.forEach(
        (name, why) -> out.append("\nfailed: ").append(name).append(": ").append(why).append('\n'));
    return out.toString();
  }

  private static String row(Figure f) {
    String limit = f.limit().map(l -> Figure.number(l.value()) + " " + f.unit() + " (" + l.what()
        + ")").orElse("");
    String ratio = f.limit().map(l -> Figure.number(f.value() / l.value())).orElse("");
    String goal = f.goal().map(Figure.Goal::text).orElse("");
    String reached = f.goal().map(g -> g.reached() ? "reached" : "NOT reached").orElse("");
    return "| " + String.join(" | ", f.benchmark(), f.what()
        + (f.note().isEmpty() ? "" : " (" + f.note() + ")"),
        Figure.number(f.value()) + " " + f.unit(), limit, ratio, goal, reached) + " |";
  }

  private static String line(Figure f) {
    return f.what() + ": " + Figure.number(f.value()) + " " + f.unit()
        + f.limit().map(l -> " (" + l.what() + ": " + Figure.number(l.value()) + ", ratio "
            + Figure.number(f.value() / l.value()) + ")").orElse("")
        + f.goal().map(g -> " [" + g.text() + (g.reached() ? "" : ": NOT reached") + "]").orElse("")
        + (f.note().isEmpty() ? "" : " " + f.note());
  }
}
