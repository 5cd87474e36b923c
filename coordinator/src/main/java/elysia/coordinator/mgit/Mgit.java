package elysia.coordinator.mgit;

import elysia.core.source.Location;
import elysia.git.command.Git;
import elysia.git.process.Command;
import elysia.git.process.Commands;
import elysia.git.process.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// The mgit program: one call for many clones, in a home folder of its own.
///
/// mgit pulls every clone below a folder, so it is shown a folder made for the call: one folder per
/// clone with a symbolic link to the clone's `.git`.
final class Mgit {
  private static final String VERSION = "mgit version: ";

  private final Path program;
  private final Path folder;
  private final MgitSettings settings;
  private final Commands commands;
  private final Git git;

  /// @param folder for its home and the folders of its calls
  Mgit(Path program, Path folder, MgitSettings settings, Commands commands) {
    this.program = program;
    this.folder = folder;
    this.settings = settings;
    this.commands = commands;
    this.git = new Git(commands, folder, "git", settings.deadline(), System.getenv());
  }

  /// Its version, or why it cannot be used.
  Exit probe() throws IOException {
    prepareHome();
    Exit exit = commands.run(new Command(List.of(program.toString(), "--version"), folder,
        environment(), settings.probeDeadline()));
    return exit instanceof Exit.Finished(var code, var output, var errors) && code == 0
        && !output.startsWith(VERSION) ? new Exit.Finished(1, output, errors) : exit;
  }

  /// `mgit sync` for these clones. Its exit status proves nothing: look at the clones.
  Exit sync(Collection<Path> clones) throws IOException {
    Path stage = Files.createDirectories(folder.resolve("stage~" + UUID.randomUUID()));
    try {
      for (Path clone : clones) {
        Path shown = Files.createDirectory(stage.resolve(clone.getFileName()));
        Files.createSymbolicLink(shown.resolve(".git"), clone.resolve(".git"));
      }
      return commands.run(new Command(List.of(program.toString(), "sync", stage.toString(),
          "--no-progress", "--no-summary", "--concurrency", "" + settings.concurrency()), folder,
          environment(), settings.deadline()));
    } finally {
      remove(stage);
    }
  }

  /// A home of its own: mgit keeps logs and state there, shared by all that use the same home.
  private void prepareHome() throws IOException {
    Path own = Files.createDirectories(folder.resolve("home/.config/mgit")).resolve("config.yaml");
    Optional<Path> config = settings.config().or(() -> Optional
        .ofNullable(System.getenv("HOME")).map(home -> Path.of(home, ".config/mgit/config.yaml")))
        .filter(Files::isRegularFile);
    Files.deleteIfExists(own);
    if (config.isPresent())
      Files.createSymbolicLink(own, config.get().toAbsolutePath());
    try (Stream<Path> left = Files.list(folder)) {
      for (Path stage : left.filter(file -> file.getFileName().toString().startsWith("stage~"))
          .toList())
        remove(stage);
    }
  }

  /// As Git is given it for a remote, with the home of its own.
  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(
        git.networkEnvironment(Location.Kind.SSH));
    String home = environment.remove("HOME");
    environment.remove("XDG_CONFIG_HOME"); // its configuration is in the home of its own
    if (home != null && !environment.containsKey("GIT_CONFIG_GLOBAL")
        && Files.isRegularFile(Path.of(home, ".gitconfig")))
      environment.put("GIT_CONFIG_GLOBAL", home + "/.gitconfig");
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("COLUMNS", "500");
    environment.put("NO_COLOR", "1");
    environment.put("LC_ALL", "C.UTF-8");
    return environment;
  }

  /// Two levels of folders and links; the clones behind the links stay.
  private static void remove(Path stage) throws IOException {
    try (Stream<Path> shown = Files.list(stage)) {
      for (Path clone : shown.toList()) {
        Files.deleteIfExists(clone.resolve(".git"));
        try (Stream<Path> rest = Files.list(clone)) {
          for (Path file : rest.toList())
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
              Files.delete(file);
        }
        Files.deleteIfExists(clone);
      }
    }
    Files.deleteIfExists(stage);
  }
}
