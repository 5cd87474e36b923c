package elysia.git.command;

import elysia.core.source.Location;
import elysia.git.process.Command;
import elysia.git.process.Commands;
import elysia.git.process.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Git's command lines and environments.
///
/// ObjectDatabase are read through a repository of our own that holds nothing but a configuration,
/// with the object database named from outside: so the configuration, hooks, attributes, filters and
/// remotes of the repository that is read are never loaded. Only [#inPlace] lets Git read a
/// configuration that somebody else wrote, for commands that look at references and at nothing else.
public final class Git {
  private static final List<String> INHERITED = List.of("PATH", "TMPDIR", "LD_LIBRARY_PATH");
  private static final List<String> INHERITED_BY_NETWORK = List.of("HOME", "USER", "LOGNAME",
      "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK", "http_proxy", "https_proxy",
      "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE",
      "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "KRB5CCNAME");

  /// Git's own way to be configured without a file: keys and values by number.
  private static final List<String> INHERITED_BY_NETWORK_WITH_PREFIX = List.of("GIT_CONFIG_COUNT",
      "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_");

  private final Commands commands;
  private final Path folder;
  private final String program;
  private final Duration localDeadline;
  private final Map<String, String> node;

  /// @param folder to work in, for a repository of our own through which objects are read
  /// @param program name on the path, or path, of git
  /// @param localDeadline for a command, or one exchange with a running one, that stays on this
  ///          machine
  /// @param node environment of this process
  public Git(Commands commands, Path folder, String program, Duration localDeadline,
      Map<String, String> node) {
    this.commands = commands;
    this.folder = folder;
    this.program = program;
    this.localDeadline = localDeadline;
    this.node = Map.copyOf(node);
  }

  public Commands commands() {
    return commands;
  }

  /// The name or path that it is called by.
  public String program() {
    return program;
  }

  public Exit run(Command command) {
    return commands.run(command);
  }

  /// Runs it with this on stdin; one character per byte, of what is written and what is read.
  public Exit runBytes(Command command, String input) {
    return commands.run(command, input, StandardCharsets.ISO_8859_1);
  }

  /// A command that reads objects and runs nothing, whatever the repository says.
  public Command reading(ObjectDatabase objects, Map<String, String> more, String... arguments)
      throws IOException {
    Map<String, String> environment = sealed();
    environment.put("GIT_DIR", reader(objects.format()).toString());
    environment.put("GIT_OBJECT_DIRECTORY", objects.folder().toString());
    environment.putAll(more);
    return new Command(line(List.of(), List.of(arguments)), folder, environment,
        localDeadline);
  }

  /// A command in a repository of somebody else, for looking at its references only.
  public Command inPlace(Path repository, String... arguments) {
    return new Command(line(List.of("-C", repository.toString(), "-c", "safe.directory=*", "-c",
        "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"), List.of(arguments)), folder,
        sealed(), localDeadline);
  }

  /// A local command in a clone of ours.
  public Command inClone(Path gitFolder, Path workTree, String... arguments) {
    Map<String, String> environment = sealed();
    environment.put("GIT_DIR", gitFolder.toString());
    environment.put("GIT_WORK_TREE", workTree.toString());
    environment.put("GIT_OPTIONAL_LOCKS", "1");
    return new Command(line(List.of("-c", "core.hooksPath=/dev/null", "-c",
        "core.fsmonitor=false"), List.of(arguments)), folder, environment,
        localDeadline);
  }

  /// A command that talks to a remote, with the credential helpers and keys of the user that runs
  /// this node.
  public Command network(Location location, Path gitFolder, Duration deadline,
      Map<String, String> more,
      List<String> arguments) {
    Map<String, String> environment = new TreeMap<>(networkEnvironment(location.kind()));
    environment.put("GIT_DIR", gitFolder.toString());
    environment.putAll(more);
    return new Command(line(List.of("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
        "-c", "submodule.recurse=false", "-c", "fetch.recurseSubmodules=false", "-c",
        "http.followRedirects=initial", "-c", "maintenance.auto=false", "-c", "gc.auto=0"),
        arguments), folder, environment, deadline);
  }

  /// What every program that talks to a remote is given.
  public Map<String, String> networkEnvironment(Location.Kind kind) {
    Map<String, String> environment = basic();
    INHERITED_BY_NETWORK.forEach(name -> inherit(environment, name));
    for (String name : node.keySet())
      if (INHERITED_BY_NETWORK_WITH_PREFIX.stream().anyMatch(name::startsWith))
        inherit(environment, name);
    environment.put("GIT_ALLOW_PROTOCOL",
        kind == Location.Kind.FILE ? "file" : "https:http:ssh:file");
    environment.put("GIT_ASKPASS", "/bin/false");
    environment.put("SSH_ASKPASS", "/bin/false");
    environment.put("SSH_ASKPASS_REQUIRE", "never");
    String ssh = node.get("GIT_SSH_COMMAND");
    environment.put("GIT_SSH_COMMAND",
        kind == Location.Kind.FILE ? "/bin/false" : ssh == null ? "ssh -oBatchMode=yes" : ssh);
    return environment;
  }

  private List<String> line(List<String> options, List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(program);
    line.addAll(options);
    line.addAll(arguments);
    return line;
  }

  private Map<String, String> basic() {
    Map<String, String> environment = new TreeMap<>();
    INHERITED.forEach(name -> inherit(environment, name));
    environment.put("LC_ALL", "C");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_NO_LAZY_FETCH", "1");
    environment.put("GIT_NO_REPLACE_OBJECTS", "1");
    environment.put("GIT_ATTR_NOSYSTEM", "1");
    environment.put("GIT_PAGER", "cat");
    return environment;
  }

  private void inherit(Map<String, String> environment, String name) {
    String value = node.get(name);
    if (value != null)
      environment.put(name, value);
  }

  /// No transport, no configuration but the repository's, no write of an index.
  private Map<String, String> sealed() {
    Map<String, String> environment = basic();
    environment.put("HOME", "/nonexistent");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_ALLOW_PROTOCOL", "none");
    environment.put("GIT_SSH_COMMAND", "/bin/false");
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    return environment;
  }

  /// The repository of our own through which objects of this format are read.
  public Path reader(String format) throws IOException {
    Path reader = folder.resolve(".reader-" + format);
    if (!Files.exists(reader.resolve("config"))) {
      Files.createDirectories(reader.resolve("objects"));
      Files.createDirectories(reader.resolve("refs"));
      Files.writeString(reader.resolve("HEAD"), "ref: refs/heads/none\n");
      Path draft = Files.createTempFile(reader, "config", ".tmp");
      Files.writeString(draft, """
          [core]
          repositoryformatversion = 1
          bare = true
          hooksPath = /dev/null
          attributesFile = /dev/null
          excludesFile = /dev/null
          commitGraph = false
          [extensions]
          objectformat = %s
          """.formatted(format));
      Files.move(draft, reader.resolve("config"), StandardCopyOption.ATOMIC_MOVE);
    }
    return reader;
  }
}
