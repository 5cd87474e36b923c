package elysia.testkit.node;

import elysia.testkit.process.Finished;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Small file systems in a node's home, which only the node sees: in a user and mount namespace of
/// its own, so that no privilege is needed. They can be filled up and given room again.
public final class SmallDisks {
  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final String BALLAST = "ballast";

  private final Path home;
  private final List<String> folders;

  private SmallDisks(Path home, List<String> folders) {
    this.home = home;
    this.folders = folders;
  }

  /// Whether this machine lets a process mount something in a namespace of its own.
  public static boolean possible(Path folder) {
    try {
      return Finished.run(folder, Map.of(), QUICK, new byte[0], List.of("unshare", "-rm", "mount",
          "-t", "tmpfs", "none", folder.toString())).exit() == 0;
    } catch (AssertionError e) { // there is no unshare
      return false;
    }
  }

  /// @param folders of the home
  public static SmallDisks of(Path home, String... folders) {
    return new SmallDisks(home, List.of(folders));
  }

  /// What runs a command with the file systems mounted; the process stays the same.
  ///
  /// @param size of each, as `mount` takes it
  public List<String> wrapper(String size) {
    StringBuilder script = new StringBuilder("set -e\n");
    for (String folder : folders)
      script.append("mkdir -p '").append(home.resolve(folder)).append("'\nmount -t tmpfs -o size=")
          .append(size).append(" none '").append(home.resolve(folder)).append("'\n");
    return new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script + "exec \"$@\"", "sh"));
  }

  /// As the process sees it.
  public Path seen(long pid, String folder) {
    return Path.of("/proc/" + pid + "/root" + home.resolve(folder));
  }

  /// Leaves no room.
  public void fill(long pid, String folder) throws IOException {
    byte[] block = new byte[4_096];
    try (OutputStream out = Files.newOutputStream(seen(pid, folder).resolve(BALLAST))) {
      while (true)
        out.write(block);
    } catch (IOException e) {
      if (Files.getFileStore(seen(pid, folder)).getUsableSpace() >= block.length)
        throw e;
    }
  }

  /// Takes away what filled it.
  public void makeRoom(long pid, String folder) throws IOException {
    Files.delete(seen(pid, folder).resolve(BALLAST));
  }
}
