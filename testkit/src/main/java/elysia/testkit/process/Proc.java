package elysia.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Figures of processes from the operating system.
public final class Proc {
  private static final double TICKS = 100; // a second, on every Linux
  private static final int CHILDREN_USER = 13;

  private Proc() {}

  /// Processor seconds of all programs that this process has started and that have ended; 0 where
  /// the system does not tell.
  public static double children() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_USER + 1]))
          / TICKS;
    } catch (IOException e) {
      return 0;
    }
  }

  /// The most that a process had, in MiB; 0 where the system does not tell.
  public static double peak(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status")))
        if (line.startsWith("VmHWM:"))
          return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
