package elysia.cli.home;

import elysia.cli.output.Text;
import elysia.cli.process.Environment;
import elysia.cli.process.Failure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The start script of the distribution, which alone knows how to run a node.
final class Launcher {
  private static final int TAIL_BYTES = 16_384;
  private static final int TAIL_LINES = 15;

  private Launcher() {}

  static List<String> command(Environment environment, List<String> options) {
    Path script = environment.launcher()
        .orElseThrow(() -> Failure.usage("this program does not know how to start a node",
            "run it by its script, elysiactl, or name a running node with --server"));
    List<String> command = new ArrayList<>(
        List.of(script.toString(), "server", "start", "--foreground"));
    command.addAll(options);
    return command;
  }

  /// What puts a command out of reach of the terminal's Ctrl-C and hang-up.
  static List<String> detached() {
    for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin"))
      if (Files.isExecutable(Path.of(folder, "setsid")))
        return List.of(folder + "/setsid");
    return List.of("/bin/sh", "-c", "trap '' INT HUP QUIT; exec \"$@\"", "sh");
  }

  /// The last lines that were written after a position.
  static String tail(Path log, long from) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(from, file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()).stream()
          .map(line -> "  | " + Text.safeLine(line)).collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return "";
    }
  }
}
