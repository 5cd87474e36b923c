package elysia.bench.feed;

import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import elysia.bench.harness.MeasuredNode;
import elysia.core.change.ChangeReader;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reading and checking lines of 300 bytes: on one core in this process, and as a command that is
/// given a file of 1 GiB.
public final class Parsing implements Benchmark {
  private static final int LINES = 400_000;
  private static final int ROUNDS = 5;
  private static final long GIB = 1L << 30;
  private static final int HEAP = 256;
  private static final Path NOTHING = Path.of("/dev/null");

  @Override
  public void measure(Lab lab) {
    byte[] block = Lines.block(LINES);
    double raw = 0;
    double rate = 0;
    for (int round = 0; round < ROUNDS; round++) {
      rate = Math.max(rate, LINES / seconds(block, lab));
      raw = Math.max(raw, LINES / touching(block));
    }
    lab.tell(Figure.of("feed", "parse and validate, one core, best of " + ROUNDS, rate, "lines/s")
        .beside("finding the line ends", raw).atLeast(500_000));
    Path folder = lab.folder("gib");
    Path file = Lines.file(folder, GIB);
    try {
      Finished validated = Finished
          .run(folder, NodeProcess.environment(folder.resolve("home"), Map.of()),
              MeasuredNode.LIMIT, NOTHING,
              List.of(lab.launcher().toString(), "index", "validate", file.toString()))
          .good();
      lab.tell(Figure.of("feed", "index validate of 1 GiB, heap of " + HEAP + " MiB",
          validated.seconds(), "s").noting(
              Math.round(GIB / 300.0 / validated.seconds())
                  + " lines/s"));
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double seconds(byte[] block, Lab lab) {
    long start = System.nanoTime();
    ChangeReader reader = new ChangeReader(new ByteArrayInputStream(block),
        ChangeSettings.from(lab.config()));
    try {
      int good = 0;
      for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next())
        if (line.get() instanceof Line.ChangeLine)
          good++;
      if (good != LINES)
        throw new IllegalStateException("good lines: " + good + " (expected: " + LINES + ")");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static double touching(byte[] block) {
    long start = System.nanoTime();
    int ends = 0;
    for (byte b : block)
      if (b == '\n')
        ends++;
    if (ends != LINES)
      throw new IllegalStateException("line ends: " + ends);
    return (System.nanoTime() - start) / 1e9;
  }
}
