package elysia.bench;

import static java.util.stream.Collectors.joining;

import elysia.bench.feed.Parsing;
import elysia.bench.feed.Pipe;
import elysia.bench.micro.Micro;
import elysia.bench.scale.Scale;
import elysia.bench.start.MemoryUse;
import elysia.bench.start.StartUp;
import elysia.bench.store.EmbeddedStore;
import elysia.bench.store.Weaviate;
import elysia.bench.sync.FirstIndex;
import elysia.bench.sync.Syncs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs benchmarks: `bench/run [NAME…] [jmh [PATTERN…]] [-o table|json]`.
public final class Main {
  private static final int USAGE = 2;
  private static final String JMH = "jmh";
  /// Benchmarks that only run when they are named.
  private static final Set<String> ASKED_FOR = Set.of("weaviate", "scale-large", "scale-many", JMH);

  private Main() {}

  private static Map<String, Benchmark> all(List<String> patterns) {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    all.put("start-up", new StartUp());
    all.put("first-index", new FirstIndex());
    all.put("no-change", Syncs.NO_CHANGE);
    all.put("hundred-files", Syncs.HUNDRED_FILES);
    all.put("renames", Syncs.RENAMES_ONLY);
    all.put("one-line", Syncs.ONE_LINE);
    all.put("branch-and-back", Syncs.BRANCH_AND_BACK);
    all.put("pipe", new Pipe());
    all.put("memory", new MemoryUse());
    all.put("feed", new Parsing());
    all.put("store", new EmbeddedStore());
    all.put("weaviate", new Weaviate());
    all.put("scale-large", Scale.LARGE);
    all.put("scale-many", Scale.MANY);
    all.put(JMH, new Micro(patterns));
    return all;
  }

  /// @param args distribution's start script, folder of unpacked code, then what the script
  ///          was given
  public static void main(String[] args) throws IOException {
    List<String> patterns = new ArrayList<>();
    Map<String, Benchmark> all = all(patterns);
    List<String> names = new ArrayList<>();
    boolean json = false;
    for (int i = 2; i < args.length; i++)
      switch (args[i]) {
        case "-o" -> json = i + 1 < args.length && args[++i].equals("json");
        case "-o=json", "-ojson" -> json = true;
        case "-h", "--help" -> {
          System.out.println(help(all.keySet()));
          return;
        }
        default -> {
          if (names.contains(JMH))
            patterns.add(args[i]);
          else if (all.containsKey(args[i]))
            names.add(args[i]);
          else {
            System.err.println("bench: " + args[i] + ": unknown\n" + help(all.keySet()));
            System.exit(USAGE);
          }
        }
      }
    if (names.isEmpty())
      all.keySet().stream().filter(
          name -> !ASKED_FOR.contains(name)
              || (name.equals("weaviate") && System.getenv("WEAVIATE_URL") != null))
          .forEach(names::add);
    all.keySet().retainAll(Set.copyOf(names));
    System.exit(run(all, Path.of(args[0]), Path.of(args[1]), json) ? 0 : 1);
  }

  private static String help(Set<String> names) {
    return """
        usage: bench/run [NAME…] [-o table|json]
               bench/run jmh [PATTERN…] [-o table|json]
        NAME: %s
              (without a name: all but %s)
        jmh: the hot parts by themselves (chunking, hashing, tokenising, reading JSON lines);
              PATTERN: a part of a name as in Chunking.chunk, a regular expression"""
        .formatted(String.join(", ", names),
            names.stream().filter(ASKED_FOR::contains).collect(joining(", ")));
  }

  private static boolean run(Map<String, Benchmark> benchmarks, Path launcher, Path corpora,
      boolean json) throws IOException {
    PrintStream out = System.out;
    PrintStream progress = System.err;
    Report report = new Report(progress);
    Path work = Files.createTempDirectory("elysia-bench");
    String version;
    try (Lab lab = new Lab(work, launcher, corpora, report::add)) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(lab::close));
      version = lab.version();
      benchmarks.forEach((name, benchmark) -> {
        progress.println(name);
        try {
          benchmark.measure(lab);
        } catch (RuntimeException e) {
          report.failed(name, e.toString());
        }
      });
    }
    out.println(json ? report.json(version) : report.table(version));
    return report.good();
  }
}
