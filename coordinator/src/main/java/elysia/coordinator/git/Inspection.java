package elysia.coordinator.git;

import static elysia.core.diagnose.Check.Area.AUTHENTICATION;
import static elysia.core.diagnose.Check.Area.CONNECTIVITY;

import elysia.core.diagnose.Check;
import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.command.Stderr;
import elysia.git.process.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks of a remote, asked just as a pull asks, with what a person needs to fix what fails.
final class Inspection {
  private static final Pattern PORT = Pattern.compile("\\w+://[^/]*:(\\d+)/.*");
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;
  private static final String STANDS_STILL = "Nothing new is pulled; what is indexed stays searchable.";

  private final GitSettings settings;
  private final Remote remote;
  private final Credentials credentials;

  Inspection(Git git, GitSettings settings, Remote remote) {
    this.settings = settings;
    this.remote = remote;
    this.credentials = new Credentials(git);
  }

  List<Check> remote(SourceSpec spec, Location location) {
    List<Check> checks = new ArrayList<>();
    checks.add(Check.ok(CONNECTIVITY, "transport", transport(location)));
    Exit exit = look(location);
    if (exit instanceof Exit.Finished finished && finished.ok()) {
      checks.add(Check.ok(CONNECTIVITY, "remote", location.text() + " answers."));
      checks.add(Check.ok(AUTHENTICATION, "access",
          "The user " + Credentials.user() + " may read it."));
      checks.add(credentials.used(location));
      checks.add(branch(spec, location));
    } else {
      checks.addAll(unread(location, exit));
    }
    return checks;
  }

  private Exit look(Location location) {
    try {
      return remote.ask(location, List.of(), List.of("HEAD"));
    } catch (IOException e) {
      return new Exit.NotFound("the folder of clones cannot be written: " + e.getMessage());
    }
  }

  private static String transport(Location location) {
    String host = location.host().map(name -> " from " + name).orElse("");
    String kind = switch (location.kind()) {
      case LOCAL -> "Read in place at " + location.text();
      case FILE -> "Cloned from a folder of this machine";
      case HTTP -> "Cloned over "
          + (location.text().toLowerCase(Locale.ROOT).startsWith("https") ? "HTTPS" : "HTTP")
          + host;
      case SSH -> "Cloned over SSH" + host;
    };
    String proxy = location.kind() == Location.Kind.HTTP ? proxy(location) : "";
    return kind + proxy + ".";
  }

  private static String proxy(Location location) {
    String name = location.text().toLowerCase(Locale.ROOT).startsWith("https")
        ? "https_proxy"
        : "http_proxy";
    String set = System.getenv(name);
    return set == null || set.isBlank() ? "" : " (a proxy is set by " + name + ")";
  }

  private Check branch(SourceSpec spec, Location location) {
    return switch (remote.tip(spec, location)) {
      case Outcome.Ok<Tip>(var tip) when tip.commit().isEmpty() ->
        Check.warning(CONNECTIVITY, "branch", "The branch has no commit yet.",
            "There is nothing to index.", "Push something, then sync.",
            "elysiactl repo sync " + spec.name());
      case Outcome.Ok<Tip>(var tip) -> Check.ok(CONNECTIVITY, "branch",
          tip.branch().map(name -> "The branch " + name).orElse("The remote's HEAD")
              + " stands at " + tip.commit().orElse("").substring(0, 8) + ".");
      case Outcome.Busy<Tip>(_, var reason, _) ->
        Check.failed(CONNECTIVITY, "branch", reason + ".", STANDS_STILL,
            "It is tried again by itself.", "elysiactl repo retry " + spec.name());
      case Outcome.Refused<Tip>(var problem) ->
        Check.failed(CONNECTIVITY, "branch", problem.message() + ".", STANDS_STILL,
            "Follow another branch, or the remote's default with an empty name.",
            "elysiactl repo update " + spec.name() + " --branch BRANCH");
    };
  }

  private List<Check> unread(Location location, Exit exit) {
    if (exit instanceof Exit.NotFound(var reason))
      return List.of(Check.failed(CONNECTIVITY, "remote", "git cannot be run: " + reason + ".",
          STANDS_STILL, "Install git 2.32 or newer, or name it in elysia.coordinator.git.program.",
          "git --version"));
    if (location.kind() == Location.Kind.FILE)
      return List.of(Check.failed(CONNECTIVITY, "remote",
          "The folder cannot be read as a Git repository" + said(exit) + ".", STANDS_STILL,
          "See whether the folder is there and is one.",
          settings.program() + " ls-remote " + Credentials.quoted(location.text())));
    int status = exit instanceof Exit.Finished finished
        ? Stderr.httpStatus(finished.errors())
        : 0;
    if (status != 0)
      return answered(location, status, exit);
    String host = location.host().orElse("");
    Optional<Check> unresolved = resolves(host, location);
    if (unresolved.isPresent())
      return List.of(unresolved.get());
    if (location.kind() == Location.Kind.SSH && remote.answersAsSsh(location))
      return List.of(
          Check.ok(CONNECTIVITY, "remote", "The SSH server of " + host + " answers."),
          credentials.refused(location, "It does not let the user " + Credentials.user()
              + " read: the key is not accepted, the host's key is not known, or there is no such"
              + " repository" + said(exit) + "."));
    return List.of(silent(location, exit, host));
  }

  private List<Check> answered(Location location, int status, Exit exit) {
    Check reached = Check.ok(CONNECTIVITY, "remote",
        location.host().orElse("The remote") + " answers with status " + status + ".");
    if (status == UNAUTHENTICATED || status == FORBIDDEN)
      return List.of(reached, credentials.refused(location, status == UNAUTHENTICATED
          ? "It wants credentials, and none were accepted (401)."
          : "It knows the credentials and does not let them read (403)."));
    if (status == 404 || status == 410)
      return List.of(reached, credentials.refused(location,
          "It says that there is no such repository (" + status
              + "): the URL is wrong, or the repository is private and hidden from these credentials."));
    return List.of(Check.failed(CONNECTIVITY, "remote",
        location.text() + " answers with status " + status + said(exit) + ".", STANDS_STILL,
        status >= 500
            ? "The fault is on its side; it is tried again by itself."
            : "See whether this is the URL of a Git repository.",
        "git ls-remote " + Credentials.quoted(location.text())));
  }

  /// A proxy may know names that this machine does not.
  private Optional<Check> resolves(String host, Location location) {
    if (location.kind() == Location.Kind.HTTP && !proxy(location).isEmpty())
      return Optional.empty();
    try {
      InetAddress.getByName(host.replace("[", "").replace("]", ""));
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of(Check.failed(CONNECTIVITY, "remote",
          "The name " + host + " is not known to this machine (DNS).", STANDS_STILL,
          "See whether the URL is right and the network is up; it is tried again by itself.",
          "getent hosts " + Credentials.quoted(host)));
    }
  }

  private Check silent(Location location, Exit exit, String host) {
    int port = port(location);
    boolean open = connects(host, port);
    String what = exit instanceof Exit.TimedOut(var deadline, _)
        ? location.text() + " gave no answer within " + deadline.toSeconds() + " s"
        : location.text() + " does not answer as a Git server" + said(exit);
    String network = open
        ? " (a connection to " + host + ":" + port + " can be made)"
        : " (no connection to " + host + ":" + port + " can be made)";
    return Check.failed(CONNECTIVITY, "remote", what + network + ".", STANDS_STILL,
        open
            ? "See what listens there, and which certificate or proxy is in the way; it is tried again by itself."
            : "See whether the host is up and a firewall or proxy is in the way; it is tried again by itself.",
        "git ls-remote " + Credentials.quoted(location.text()));
  }

  private boolean connects(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host.replace("[", "").replace("]", ""), port),
          (int) Math.min(10_000, settings.lookDeadline().toMillis()));
      return true;
    } catch (IOException | IllegalArgumentException e) { // that is the answer
      return false;
    }
  }

  private static int port(Location location) {
    Matcher named = PORT.matcher(location.text());
    if (named.matches())
      return Integer.parseInt(named.group(1));
    if (location.kind() == Location.Kind.SSH)
      return 22;
    return location.text().toLowerCase(Locale.ROOT).startsWith("https") ? 443 : 80;
  }

  private static String said(Exit exit) {
    String lines = exit instanceof Exit.Finished(_, _, var errors)
        ? Stderr.lastLines(errors)
        : "";
    return lines.isEmpty() ? "" : "; git says: " + lines.replaceFirst("\\.$", "");
  }
}
