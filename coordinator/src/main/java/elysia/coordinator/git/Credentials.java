package elysia.coordinator.git;

import static elysia.core.diagnose.Check.Area.AUTHENTICATION;

import elysia.core.diagnose.Check;
import elysia.core.identity.Printable;
import elysia.core.source.Location;
import elysia.git.command.Git;
import elysia.git.process.Command;
import elysia.git.process.Commands;
import elysia.git.process.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Credentials that a pull of this node has at hand, without what is secret in them, and the way to
/// give others.
final class Credentials {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final List<String> KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa",
      "id_ed25519_sk", "id_ecdsa_sk");

  private final Git git;

  Credentials(Git git) {
    this.git = git;
  }

  /// Who runs this node.
  static String user() {
    return System.getProperty("user.name", "that runs this node");
  }

  /// As a shell takes it.
  static String quoted(String text) {
    return text.matches("[A-Za-z0-9@:/._+~-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  Check used(Location location) {
    return Check.ok(AUTHENTICATION, "credentials", "At hand: " + atHand(location));
  }

  Check refused(Location location, String why) {
    List<String> commands = switch (location.kind()) {
      case HTTP -> http(location);
      case SSH -> ssh(location);
      case LOCAL, FILE -> List.<String>of();
    };
    return Check.failed(AUTHENTICATION, "access", why + " Tried: " + atHand(location),
        "Nothing new is pulled; what is indexed stays searchable.",
        "As the user " + user() + ", on the machine of this node: "
            + (location.kind() == Location.Kind.HTTP
                ? "store a credential in Git's credential helper or in ~/.netrc, or name a provider of mgit's configuration with --provider when adding; then test it."
                : "give the host the node's public key, or start the node with an SSH agent (SSH_AUTH_SOCK); then test it."))
        .with(commands);
  }

  private static List<String> http(Location location) {
    String host = location.host().orElse("");
    String scheme = location.text().substring(0, location.text().indexOf(':'));
    return List.of("git config --global credential.helper store",
        "printf 'protocol=" + scheme + "\\nhost=" + authority(location)
            + "\\nusername=USER\\npassword=TOKEN\\n' | git credential approve",
        "printf 'machine " + host
            + " login USER password TOKEN\\n' >> ~/.netrc && chmod 600 ~/.netrc",
        "GIT_TERMINAL_PROMPT=0 git ls-remote " + quoted(location.text()));
  }

  /// Host with its port, as Git asks its helpers.
  private static String authority(Location location) {
    String rest = location.text().substring(location.text().indexOf("//") + 2);
    String authority = rest.substring(0, Math.max(0, rest.indexOf('/')));
    return authority.substring(authority.indexOf('@') + 1);
  }

  private List<String> ssh(Location location) {
    List<String> commands = new ArrayList<>();
    if (keyFiles().isEmpty())
      commands.add("ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519 -N ''");
    String target = target(location);
    commands.add("ssh -T " + target);
    keyFiles().stream().findFirst().or(() -> Optional.of("id_ed25519"))
        .ifPresent(key -> commands.add("cat ~/.ssh/" + key + ".pub"));
    commands.add("GIT_SSH_COMMAND='ssh -oBatchMode=yes' git ls-remote "
        + quoted(location.text()));
    return commands;
  }

  private static String target(Location location) {
    String text = location.text();
    String rest = text.startsWith("ssh://") ? text.substring(6) : text;
    int slash = rest.indexOf('/');
    String authority = text.startsWith("ssh://")
        ? rest.substring(0, slash < 0 ? rest.length() : slash)
        : rest.substring(0, rest.indexOf(':'));
    int port = authority.lastIndexOf(':');
    return port < 0 || !text.startsWith("ssh://")
        ? quoted(authority)
        : "-p " + authority.substring(port + 1) + " " + quoted(authority.substring(0, port));
  }

  private String atHand(Location location) {
    return switch (location.kind()) {
      case HTTP -> "credential helper: " + helper(location) + "; ~/.netrc: " + netrc(location)
          + "; extra header: "
          + (config(location, "http.extraheader").isPresent() ? "one is set" : "none") + ".";
      case SSH -> "SSH agent: " + agent() + "; keys in ~/.ssh: "
          + (keyFiles().isEmpty() ? "none" : String.join(", ", keyFiles()))
          + "; host key: " + hostKey(location)
          + (System.getenv("GIT_SSH_COMMAND") == null ? "" : "; GIT_SSH_COMMAND is set") + ".";
      case LOCAL, FILE -> "none are needed.";
    };
  }

  /// A helper may be a script with a secret in it: only a plain name is shown.
  private String helper(Location location) {
    return config(location, "credential.helper").map(text -> {
      String name = text.strip().split("\\s", 2)[0];
      return name.matches("[A-Za-z0-9._/-]+") ? Printable.of(name) : "a script";
    }).orElse("none");
  }

  private Optional<String> config(Location location, String key) {
    try {
      Exit exit = git.run(git.network(location, git.reader("sha1"), DEADLINE, java.util.Map.of(),
          List.of("config", "--get-urlmatch", key, location.text())));
      return exit instanceof Exit.Finished finished && finished.ok()
          ? Optional.of(finished.output()).filter(text -> !text.isBlank())
          : Optional.empty();
    } catch (IOException e) { // then Git cannot be asked at all, which another check says
      return Optional.empty();
    }
  }

  private static Optional<Path> home() {
    return Optional.ofNullable(System.getenv("HOME")).filter(text -> !text.isBlank())
        .map(Path::of);
  }

  private static String netrc(Location location) {
    Optional<Path> file = home().map(home -> home.resolve(".netrc")).filter(Files::isRegularFile);
    if (file.isEmpty())
      return "none";
    try {
      List<String> words = List.of(Files.readString(file.get()).split("\\s+"));
      for (int i = 0; i + 1 < words.size(); i++)
        if (words.get(i).equals("machine")
            && words.get(i + 1).equals(location.host().orElse("")))
          return "an entry for " + location.host().orElse("");
      return "no entry for " + location.host().orElse("");
    } catch (IOException e) {
      return "cannot be read";
    }
  }

  private static List<String> keyFiles() {
    return home().map(home -> KEYS.stream()
        .filter(key -> Files.isReadable(home.resolve(".ssh").resolve(key))).toList())
        .orElse(List.of());
  }

  private String agent() {
    if (System.getenv("SSH_AUTH_SOCK") == null)
      return "none";
    return switch (run("ssh-add", "-l")) {
      case Exit.Finished(var code, var output, _) when code == 0 -> output.lines().count()
          + " key(s)";
      case Exit.Finished(var code, _, _) when code == 1 -> "it has no keys";
      case Exit _ -> "it does not answer";
    };
  }

  private String hostKey(Location location) {
    String host = location.host().orElse("");
    return run("ssh-keygen", "-F", host) instanceof Exit.Finished finished && finished.ok()
        ? "known"
        : "not in known_hosts";
  }

  private Exit run(String program, String... arguments) {
    if (Commands.onPath(program).isEmpty())
      return new Exit.NotFound(program);
    return git.run(new Command(Stream.concat(Stream.of(program), Stream.of(arguments)).toList(),
        Path.of("/"), git.networkEnvironment(Location.Kind.SSH), DEADLINE));
  }
}
