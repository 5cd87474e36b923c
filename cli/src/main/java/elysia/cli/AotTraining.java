package elysia.cli;

import elysia.cli.process.Environment;

/// Runs several command lines in one process, so that a start-up archive made from it knows what
/// commands need. Only `elysiactl-train` uses it.
public final class AotTraining {
  private AotTraining() {}

  /// @param lines one command line each, its words separated by blanks
  public static void main(String[] lines) {
    for (String line : lines)
      Main.run(line.split(" ", -1), Environment.ofProcess());
    System.exit(0);
  }
}
