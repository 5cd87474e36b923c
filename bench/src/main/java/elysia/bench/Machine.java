package elysia.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A description of this machine.
final class Machine {
  private Machine() {}

  static String processor() {
    return field("/proc/cpuinfo", "model name");
  }

  static long memory() {
    String text = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
    return text.isEmpty() ? 0 : Long.parseLong(text) / 1024;
  }

  private static String field(String file, String name) {
    try {
      for (String line : Files.readAllLines(Path.of(file)))
        if (line.startsWith(name))
          return line.substring(line.indexOf(':') + 1).strip();
    } catch (IOException e) {
      return "";
    }
    return "";
  }
}
