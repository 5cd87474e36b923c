package elysia.git.repository;

import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.Pulled;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.command.GitFailure;
import elysia.git.command.ObjectDatabase;
import elysia.git.command.Stderr;
import elysia.git.process.Command;
import elysia.git.process.Exit;
import elysia.git.process.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A repository read where it lies.
///
/// @param top
///          of its work tree; empty for a bare one
/// @param index
///          of its work tree, which may not exist
public record LocalRepository(Path path, ObjectDatabase objects, Optional<Path> top, Path index) {
  private static final int MAX_COUNTED = 10_000;
  /// Git refuses the last of the questions, where the work tree is, in a bare repository.
  private static final int BARE_ANSWERS = 4;
  private static final String NO_REPOSITORY = "not a git repository";
  private static final String BRANCHES = "refs/heads/";
  /// What `git symbolic-ref` ends with when HEAD names no branch.
  private static final int DETACHED = 1;

  private record Head(Optional<String> branch, Optional<String> commit) {}

  public static Outcome<LocalRepository> find(Git git, Location location) {
    Path path = Path.of(location.text());
    if (!Files.isDirectory(path))
      return Outcome.refused("path_not_found",
          "location: " + path + " (expected: an existing folder)");
    Exit exit = git.run(git.inPlace(path, "rev-parse", "--path-format=absolute",
        "--is-inside-work-tree", "--git-path", "objects", "--git-path", "index",
        "--show-object-format", "--show-toplevel"));
    if (!(exit instanceof Exit.Finished(var code, var output, var errors)))
      return GitFailure.notRun(exit, "git in " + path);
    List<String> lines = output.lines().toList();
    boolean bare = code != 0 && lines.size() == BARE_ANSWERS && lines.getFirst().equals("false");
    if (!bare && (code != 0 || lines.size() != BARE_ANSWERS + 1))
      return notARepository(path, errors);
    return Outcome.ok(new LocalRepository(path,
        new ObjectDatabase(Path.of(lines.get(1)), lines.get(3)),
        bare ? Optional.empty() : Optional.of(Path.of(lines.getLast())), Path.of(lines.get(2))));
  }

  /// A folder that is none, or one that this Git cannot read: then Git's own reason tells.
  private static <T> Outcome<T> notARepository(Path path, String errors) {
    if (!errors.contains(NO_REPOSITORY) || Files.exists(path.resolve(".git")))
      return Outcome.refused("repository_unreadable",
          "location: " + path + " (expected: a repository that Git can read); git says: "
              + Stderr.lastLines(errors),
          "run `git status` there with the Git of this machine");
    return Outcome.refused("not_a_repository", "location: " + path
        + " (expected: a Git repository or a folder in one)",
        "run `git init` there, or name its "
            + "top folder");
  }

  /// The commit that is checked out; empty before the first one.
  public Outcome<Optional<String>> checkedOut(Git git) {
    return head(git).map(Head::commit);
  }

  /// Where its branch stands.
  public Outcome<Pulled> pulled(Git git, SourceSpec spec, boolean lookForEdits) {
    return head(git).flatMap(head -> {
      Optional<String> branch = spec.branch().or(head::branch);
      boolean checkedOut = branch.equals(head.branch());
      Outcome<Optional<String>> found = checkedOut
          ? Outcome.ok(head.commit())
          : commit(git, branch.orElse(""));
      return found.flatMap(commit -> {
        if (commit.isPresent())
          return whole(git, branch, commit.get(), lookForEdits && checkedOut);
        if (!checkedOut)
          return Outcome.refused("branch_not_found", "branch: \"" + branch.orElse("")
              + "\" (expected: a branch of " + path + ")");
        return Outcome.ok(new Pulled(branch, commit, "local", notes(List.of())));
      });
    });
  }

  private Outcome<Pulled> whole(Git git, Optional<String> branch, String commit,
      boolean lookForEdits) {
    return isCommit(git, objects, commit).flatMap(there -> there
        ? Outcome.ok(new Pulled(branch, Optional.of(commit), "local",
            notes(lookForEdits ? edits(git, commit) : List.of())))
        : Outcome.refused("repository_damaged",
            path + ": commit " + commit + " is missing or is none", "run `git fsck` in it"));
  }

  private List<String> notes(List<String> more) {
    List<String> notes = new ArrayList<>(more);
    if (top.isPresent() && !top.get().equals(path) && !sameFile(top.get(), path))
      notes.add(path + " is a folder in " + top.get() + ": the whole repository is indexed");
    return notes;
  }

  private static boolean sameFile(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) { // then it is not the same for us
      return false;
    }
  }

  private Outcome<Head> head(Git git) {
    Exit symbolic = git.run(git.inPlace(path, "symbolic-ref", "-q", "HEAD"));
    if (!(symbolic instanceof Exit.Finished(var code, var output, _)) || code > DETACHED)
      return GitFailure.notRun(symbolic, "git in " + path);
    String name = output.strip();
    if (code != DETACHED && name.startsWith(BRANCHES)) {
      String branch = name.substring(BRANCHES.length());
      return commit(git, branch).map(commit -> new Head(Optional.of(branch), commit));
    }
    Exit detached = git.run(git.inPlace(path, "rev-parse", "--verify", "HEAD"));
    return detached instanceof Exit.Finished finished && finished.ok()
        ? Outcome.ok(new Head(Optional.empty(), Optional.of(finished.output().strip())))
        : GitFailure.notRun(detached, "git in " + path);
  }

  /// Where a branch stands; empty only when it has no commit yet. A reference that is there and
  /// cannot be read is not taken for that: Git warns of it and ends well.
  private Outcome<Optional<String>> commit(Git git, String branch) {
    String ref = BRANCHES + branch;
    Exit exit = git.run(git.inPlace(path, "for-each-ref", Refs.FORMAT,
        ref));
    Optional<String> commit = Refs.commit(exit, ref);
    boolean answered = exit instanceof Exit.Finished finished && finished.ok()
        && finished.errors().isBlank();
    return commit.isPresent() || answered
        ? Outcome.ok(commit)
        : GitFailure.notRun(exit, "git in " + path);
  }

  /// Whether a commit is there and can be read.
  public static Outcome<Boolean> isCommit(Git git, ObjectDatabase objects, String commit) {
    if (!commit.matches("[0-9a-f]{40}([0-9a-f]{24})?"))
      return Outcome.ok(false);
    try {
      Exit exit = git.commands().run(
          git.reading(objects, Map.of(), "cat-file", "--batch-check=%(objecttype)"),
          commit + "\n" + commit + "^{tree}\n");
      return exit instanceof Exit.Finished finished
          ? Outcome.ok(finished.ok() && finished.output().equals("commit\ntree\n"))
          : GitFailure.notRun(exit, "git cat-file");
    } catch (IOException e) {
      return new Outcome.Busy<>("source_unavailable", GitFailure.notWritten(e));
    }
  }

  /// The same, where not to know is as good as no.
  public static boolean hasCommit(Git git, ObjectDatabase objects, String commit) {
    return isCommit(git, objects, commit) instanceof Outcome.Ok<Boolean>(var there) && there;
  }

  /// Tracked files whose edits are not committed. Git compares them under a configuration of ours:
  /// no filter, hook or file system monitor of the repository runs.
  private List<String> edits(Git git, String commit) {
    if (top.isEmpty() || !Files.isRegularFile(index))
      return List.of();
    Map<String, String> tree = Map.of("GIT_WORK_TREE", top.get().toString(), "GIT_INDEX_FILE",
        index.toString());
    Set<String> files = new HashSet<>();
    try {
      collect(git, git.reading(objects, tree, "ls-files", "-z", "-m"), files);
      collect(git, git.reading(objects, tree, "diff-index", "-z", "--cached", "--name-only",
          "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", commit,
          "--"),
          files);
    } catch (IOException e) { // an index that cannot be compared, or too large a tree
      return List.of("edits that are not committed are left out");
    }
    String count = files.size() >= MAX_COUNTED ? "more than " + MAX_COUNTED : "" + files.size();
    return files.isEmpty()
        ? List.of()
        : List.of(count + (files.size() == 1 ? " file" : " files")
            + " with uncommitted edits: the committed content is indexed");
  }

  private static void collect(Git git, Command command, Set<String> files) throws IOException {
    try (Running running = git.commands().open(command)) {
      running.exchange((out, _) -> {
        StringBuilder path = new StringBuilder();
        byte[] buffer = new byte[8192];
        for (int n = out.read(buffer); n >= 0 && files.size() < MAX_COUNTED; n = out.read(buffer)) {
          for (String part : new String(buffer, 0, n, StandardCharsets.ISO_8859_1)
              .splitWithDelimiters("\0", 0)) {
            if (!part.equals("\0")) {
              path.append(part);
            } else {
              files.add(path.toString());
              path.setLength(0);
            }
          }
        }
        return files;
      });
      if (files.size() < MAX_COUNTED
          && !(running.finish() instanceof Exit.Finished finished && finished.ok()))
        throw new IOException("git: " + Stderr.lastLines(running.errorText()));
    }
  }
}
