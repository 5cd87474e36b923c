package elysia.coordinator.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Lock files in a clone of ours. Git makes one before it writes a file and never removes one that
/// a killed process has left.
///
/// @param gitFolder of the clone
record LockFiles(Path gitFolder) {
  private static final String SUFFIX = ".lock";
  private static final Path PROCESSES = Path.of("/proc");
  /// Folders that hold locks, and how deep they are looked through: objects are many.
  private static final int HERE = 1;
  private static final int DEEP = 64;

  /// Those that are there.
  List<Path> find() throws IOException {
    List<Path> locks = new ArrayList<>();
    collect("", HERE, locks);
    collect("info", HERE, locks);
    collect("refs", DEEP, locks);
    collect("objects", HERE, locks);
    collect("objects/info", DEEP, locks);
    collect("objects/pack", HERE, locks);
    return locks;
  }

  private void collect(String folder, int depth, List<Path> locks) throws IOException {
    Path start = gitFolder.resolve(folder);
    if (!Files.isDirectory(start))
      return;
    try (Stream<Path> files = Files.walk(start, depth)) {
      files.filter(file -> file.getFileName().toString().endsWith(SUFFIX)
          && Files.isRegularFile(file)).forEach(locks::add);
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Removes those that no living process can hold.
  ///
  /// @return what was removed
  List<Path> removeStale() throws IOException {
    List<Path> locks = find();
    if (locks.isEmpty() || holder().isPresent())
      return List.of();
    for (Path lock : locks)
      Files.deleteIfExists(lock);
    return locks;
  }

  /// A living process that works in the clone. Where the system does not show what a process works
  /// in, each Git is taken for one.
  Optional<Long> holder() {
    long self = ProcessHandle.current().pid();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> process.pid() != self && worksHere(process))
          .map(ProcessHandle::pid).findFirst();
    }
  }

  private boolean worksHere(ProcessHandle process) {
    if (!Files.isDirectory(PROCESSES.resolve("self")))
      return process.info().command().filter(command -> command.matches("(.*/)?git(-[^/]*)?"))
          .isPresent();
    Path folder = PROCESSES.resolve(Long.toString(process.pid()));
    return inEnvironment(folder.resolve("environ")) || inWorkingFolder(folder.resolve("cwd"));
  }

  private boolean inEnvironment(Path environment) {
    try {
      String variables = "\0" + Files.readString(environment, StandardCharsets.ISO_8859_1);
      String folder = new String(gitFolder.toString().getBytes(StandardCharsets.UTF_8),
          StandardCharsets.ISO_8859_1);
      return variables.contains("\0GIT_DIR=" + folder + "\0");
    } catch (IOException e) { // it has ended, or is somebody else's
      return false;
    }
  }

  /// mgit works behind a link to the clone.
  private boolean inWorkingFolder(Path workingFolder) {
    try {
      Path folder = workingFolder.toRealPath();
      Path clone = gitFolder.toRealPath();
      return folder.startsWith(clone) || folder.equals(clone.getParent())
          || sameFile(folder.resolve(".git"), clone);
    } catch (IOException e) { // it has ended, or is somebody else's
      return false;
    }
  }

  private static boolean sameFile(Path a, Path b) throws IOException {
    try {
      return a.toRealPath().equals(b);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// Their names in the clone, for people.
  String names(List<Path> locks) {
    return String.join(", ",
        locks.stream().map(lock -> gitFolder.relativize(lock).toString()).toList());
  }
}
