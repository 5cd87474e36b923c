package elysia.coordinator.diagnose;

import static elysia.core.diagnose.Check.Area.DISK;

import elysia.core.diagnose.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A check for free space where the node writes, tried with a small file.
final class DiskChecks {
  private static final int PROBE = 64 * 1024;

  private final Map<String, Path> folders;
  private final DiagnoseSettings settings;

  DiskChecks(Map<String, Path> folders, DiagnoseSettings settings) {
    this.folders = Map.copyOf(folders);
    this.settings = settings;
  }

  List<Check> look() {
    List<Check> checks = new ArrayList<>();
    folders.entrySet().stream().sorted(Map.Entry.comparingByKey())
        .filter(folder -> Files.isDirectory(folder.getValue()))
        .forEach(folder -> checks.add(look(folder.getKey(), folder.getValue())));
    return checks;
  }

  private Check look(String what, Path folder) {
    String consequence = "Nothing more can be written to the " + what
        + "; syncs that need it fail and go on by themselves when there is room.";
    String command = "df -h " + folder;
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (free < settings.diskFull())
        return Check.failed(DISK, what, "The disk of the " + what + " is full: " + size(free)
            + " are free at " + folder + ".", consequence, "Make room.", command);
      probe(folder);
      return free < settings.diskLow()
          ? Check.warning(DISK, what, "The disk of the " + what + " is getting full: "
              + size(free) + " are free at " + folder + ".",
              "Syncs will fail when it is full.", "Make room.", command)
          : Check.ok(DISK, what, size(free) + " are free for the " + what + ".");
    } catch (IOException e) {
      return Check.failed(DISK, what, "The folder of the " + what + " cannot be written, " + folder
          + ": " + e.getMessage() + ".", consequence,
          "Make room, or give the user of the node the right to write there.", command,
          "ls -ld " + folder);
    }
  }

  /// Quotas and read-only disks do not show in the free space.
  private static void probe(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, ".probe", ".tmp");
    try {
      Files.write(file, new byte[PROBE]);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String size(long bytes) {
    return bytes >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
