package elysia.coordinator.git;

import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.command.GitFailure;
import elysia.git.command.Stderr;
import elysia.git.process.Exit;
import elysia.git.repository.RefName;
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
  private static final Pattern NO_OBJECT = Pattern.compile("0+");
  private static final String HEAD = "HEAD";
  private static final String SYMBOLIC = "ref: ";
  /// Git's mark of the object that a tag names.
  private static final String PEELED = "^{}";
  private static final int MAX_NAMED = 5;
  private static final String ADVERTISEMENT = "application/x-git-upload-pack-advertisement";

  private final Git git;
  private final GitSettings settings;

  Remote(Git git, GitSettings settings) {
    this.git = git;
    this.settings = settings;
  }

  /// Where the branch stands, or HEAD where none is named. Only a remote that has no branch at all
  /// has no commit: Git says as little, and ends well, when HEAD names a branch that is not there.
  Outcome<Tip> tip(SourceSpec spec, Location location) {
    RefName ref = spec.branch().map(RefName::ofBranch).orElse(RefName.HEAD);
    return look(location, List.of("--symref"),
        List.of(HEAD, HEAD + PEELED, ref.pattern(), ref.pattern() + PEELED)).flatMap(output -> {
          Optional<String> branch = spec.branch().or(() -> followed(output));
          Optional<String> object = object(output, ref.bytes());
          return object.isPresent()
              ? standing(
                  new Tip(branch, object, object(output, ref.bytes() + PEELED).or(() -> object)),
                  location)
              : look(location, List.of("--heads"), List.of()).flatMap(
                  heads -> heads.isBlank()
                      ? Outcome.ok(new Tip(branch))
                      : without(spec.branch(), heads, location));
        });
  }

  private static Optional<String> followed(String output) {
    return output.lines().filter(line -> line.startsWith(SYMBOLIC) && line.endsWith("\t" + HEAD))
        .map(line -> line.substring(SYMBOLIC.length(), line.length() - HEAD.length() - 1))
        .flatMap(name -> new RefName(name).branch().stream()).findFirst();
  }

  /// A reference whose file is damaged is told of, too, by a commit that none has.
  private static Outcome<Tip> standing(Tip tip, Location location) {
    return tip.commit().filter(Remote::damaged).isPresent()
        ? new Outcome.Busy<>("source_unavailable", location.text() + ": the remote cannot read its "
            + tip.branch().map(name -> "branch " + name).orElse(HEAD) + "; run `git fsck` there")
        : Outcome.ok(tip);
  }

  private static boolean damaged(String commit) {
    return NO_OBJECT.matcher(commit).matches();
  }

  private static Outcome<Tip> without(Optional<String> branch, String heads, Location location) {
    if (branch.isPresent())
      return Outcome.refused("branch_not_found",
          "branch: \"" + branch.get() + "\" (expected: a branch of " + location.text() + ")",
          "name another branch, or none for the remote's default branch");
    return Outcome.refused("branch_not_found",
        location.text() + ": its HEAD names no branch that is there (branches: " + names(heads)
            + ")",
        "name the branch to follow with --branch, or fix HEAD there (`git symbolic-ref HEAD "
            + "refs/heads/BRANCH`) and its branches (`git fsck`)");
  }

  private static String names(String heads) {
    List<String> names = heads.lines().map(line -> {
      String name = new RefName(line.substring(line.indexOf('\t') + 1)).branch().orElse("");
      return damaged(line.substring(0, line.indexOf('\t'))) ? name + " (damaged)" : name;
    }).toList();
    return String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())))
        + (names.size() > MAX_NAMED ? ", …" : "");
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
          ? new Outcome.Busy<>("source_unavailable",
              location.text() + ": the answer is not that of a Git server")
          : Outcome.ok(finished.output());
    } catch (IOException e) {
      return new Outcome.Busy<>("source_unavailable", GitFailure.notWritten(e));
    }
  }

  /// One `git ls-remote`, its HTTP headers on stderr.
  Exit ask(Location location, List<String> options, List<String> refs) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("ls-remote"));
    arguments.addAll(options);
    arguments.add("--");
    arguments.add(location.text());
    arguments.addAll(refs);
    return git.runBytes(git.network(location, git.reader("sha1"), settings.lookDeadline(),
        Map.of("GIT_TRACE_CURL", "1", "GIT_TRACE_CURL_NO_DATA", "1"), arguments), "");
  }

  /// Git takes any page for the empty list of a repository on a plain web server.
  private static boolean answeredAsGit(Exit.Finished look) {
    return OBJECT.matcher(look.output()).find() || look.errors().contains(ADVERTISEMENT);
  }

  private <T> Outcome<T> unreadable(Exit exit, Location location) {
    if (!(exit instanceof Exit.Finished finished) || !isFinal(finished.errors(), location))
      return GitFailure.notRun(exit, "the remote " + location.text());
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
    int timeout = (int) Math.min(Integer.MAX_VALUE, settings.lookDeadline().toMillis());
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
