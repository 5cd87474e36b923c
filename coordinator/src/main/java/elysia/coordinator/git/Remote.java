package elysia.coordinator.git;

import elysia.coordinator.process.Exit;
import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.SourceSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Questions to a remote, and what it means when there is no answer.
final class Remote {
  private static final Pattern SSH_PORT = Pattern.compile("ssh://[^/]*:(\\d+)/.*");
  private static final int DEFAULT_SSH_PORT = 22;
  /// Not allowed, not there, gone: nothing that time heals.
  private static final Set<Integer> FINAL_STATUSES = Set.of(401, 403, 404, 410);

  private static final Pattern OBJECT = Pattern.compile("(?m)^[0-9a-f]{40}(?:[0-9a-f]{24})?\t");
  private static final String ADVERTISEMENT = "application/x-git-upload-pack-advertisement";

  private final Git git;

  Remote(Git git) {
    this.git = git;
  }

  /// One `git ls-remote`.
  Outcome<Tip> tip(SourceSpec spec, Location location) {
    List<String> wanted = new ArrayList<>(List.of("HEAD"));
    spec.branch().ifPresent(branch -> wanted.add("refs/heads/" + branch));
    return look(location, List.of("--symref"), wanted).flatMap(output -> {
      if (spec.branch().isPresent())
        return named(spec.branch().get(), output, location);
      Optional<String> branch = output.lines()
          .filter(line -> line.startsWith("ref: refs/heads/") && line.endsWith("\tHEAD"))
          .map(line -> line.substring("ref: refs/heads/".length(), line.length() - 5)).findFirst();
      return Outcome.ok(new Tip(branch, object(output, "HEAD")));
    });
  }

  private Outcome<Tip> named(String branch, String output, Location location) {
    Optional<String> commit = object(output, "refs/heads/" + branch);
    if (commit.isPresent())
      return Outcome.ok(new Tip(Optional.of(branch), commit));
    return look(location, List.of("--heads"), List.of()).flatMap(all -> all.isBlank()
        ? Outcome.ok(new Tip(Optional.of(branch), Optional.empty()))
        : Outcome.refused("branch_not_found",
            "branch: \"" + branch + "\" (expected: a branch of " + location.text() + ")",
            "name another branch, or none for the remote's default branch"));
  }

  private static Optional<String> object(String output, String ref) {
    return output.lines().filter(line -> line.endsWith("\t" + ref) && OBJECT.matcher(line).find())
        .map(line -> line.substring(0, line.indexOf('\t'))).findFirst();
  }

  private Outcome<String> look(Location location, List<String> options, List<String> refs) {
    try {
      Exit exit = ask(location, options, refs);
      if (!(exit instanceof Exit.Finished finished) || !finished.ok())
        return unreadable(exit, location);
      return location.kind() == Location.Kind.HTTP && !answeredAsGit(finished)
          ? new Outcome.Busy<>(location.text() + ": the answer is not that of a Git server")
          : Outcome.ok(finished.output());
    } catch (IOException e) {
      return new Outcome.Busy<>(Fault.notWritten(e));
    }
  }

  /// One `git ls-remote`, its HTTP headers on stderr.
  Exit ask(Location location, List<String> options, List<String> refs) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("ls-remote"));
    arguments.addAll(options);
    arguments.add("--");
    arguments.add(location.text());
    arguments.addAll(refs);
    return git.run(git.network(location, git.reader("sha1"), git.settings().lookDeadline(),
        Map.of("GIT_TRACE_CURL", "1", "GIT_TRACE_CURL_NO_DATA", "1"), arguments));
  }

  /// Git takes any page for the empty list of a repository on a plain web server.
  private static boolean answeredAsGit(Exit.Finished look) {
    return OBJECT.matcher(look.output()).find() || look.errors().contains(ADVERTISEMENT);
  }

  private <T> Outcome<T> unreadable(Exit exit, Location location) {
    if (!(exit instanceof Exit.Finished finished) || !isFinal(finished.errors(), location))
      return Fault.notRun(exit, "the remote " + location.text());
    return Outcome.refused("repository_unreadable",
        location.text() + ": " + Stderr.lastLines(finished.errors()),
        "check that the repository exists and that the user running this node may read it: `git "
            + "ls-remote URL` must work for that user without a prompt");
  }

  private boolean isFinal(String errors, Location location) {
    return switch (location.kind()) {
      case LOCAL -> false;
      case HTTP -> FINAL_STATUSES.contains(Stderr.httpStatus(errors));
      case FILE -> !isRepository(location);
      case SSH -> answersAsSsh(location);
    };
  }

  private boolean isRepository(Location location) {
    try {
      Path path = Path.of(URI.create(location.text().replace(" ", "%20")).getPath());
      return Files.isDirectory(path) && git.run(git.inPlace(path, "rev-parse",
          "--git-dir")) instanceof Exit.Finished finished && finished.ok();
    } catch (IllegalArgumentException e) { // no URL that names a file
      return false;
    }
  }

  /// A host that speaks SSH did refuse us; one that does not may be back soon.
  boolean answersAsSsh(Location location) {
    Matcher port = SSH_PORT.matcher(location.text());
    int timeout = (int) Math.min(Integer.MAX_VALUE, git.settings().lookDeadline().toMillis());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(location.host().orElse(""),
          port.matches() ? Integer.parseInt(port.group(1)) : DEFAULT_SSH_PORT), timeout);
      socket.setSoTimeout(timeout);
      return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII)
          .equals("SSH-");
    } catch (IOException | IllegalArgumentException e) { // down, or a port that is none
      return false;
    }
  }
}
