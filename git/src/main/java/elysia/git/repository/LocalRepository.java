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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A repository read where it lies.
///
/// @param top of its work tree; empty for a bare one
/// @param index of its work tree, which may not exist
public record LocalRepository(Path path, ObjectDatabase objects, Optional<Path> top, Path index) {
  private static final int MAX_COUNTED = 10_000;
  /// Git refuses the last of the questions, where the work tree is, in a bare repository.
  private static final int BARE_ANSWERS = 4;
  private static final String NO_REPOSITORY = "not a git repository";
  /// What `git symbolic-ref` ends with when HEAD names no branch.
  private static final int DETACHED = 1;
  /// And `git rev-parse -q --verify` for a branch without commits.
  private static final int UNBORN = 1;
  private static final Pattern COMMIT_AND_TREE = Pattern
      .compile("commit (?<commit>[0-9a-f]+)\ntree [0-9a-f]+\n");

  private record Head(Optional<RefName> branch, Optional<String> object) {}

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
    return head(git).flatMap(head -> head.object().isEmpty()
        ? Outcome.ok(Optional.empty())
        : whole(git, head.object().get()).map(Optional::of));
  }

  /// Where its branch stands.
  public Outcome<Pulled> pulled(Git git, SourceSpec spec, boolean lookForEdits) {
    return head(git).flatMap(head -> {
      Optional<RefName> branch = spec.branch().map(RefName::ofBranch).or(head::branch);
      boolean checkedOut = branch.equals(head.branch());
      Outcome<Optional<String>> found = checkedOut
          ? Outcome.ok(head.object())
          : object(git, branch.orElse(RefName.HEAD));
      Optional<String> name = branch.flatMap(RefName::branch);
      return found.flatMap(object -> {
        if (object.isPresent())
          return whole(git, object.get()).map(commit -> new Pulled(name, Optional.of(commit),
              "local", notes(lookForEdits && checkedOut ? edits(git, commit) : List.of())));
        if (!checkedOut)
          return Outcome.refused("branch_not_found", "branch: \"" + name.orElse("")
              + "\" (expected: a branch of " + path + ")");
        return Outcome.ok(new Pulled(name, Optional.empty(), "local", notes(List.of())));
      });
    });
  }

  /// The commit that an object is, or that a tag names.
  private Outcome<String> whole(Git git, String object) {
    return commit(git, objects, object).flatMap(commit -> commit.map(Outcome::ok)
        .orElseGet(() -> Outcome.refused("repository_damaged",
            path + ": commit " + object + " is missing or is none", "run `git fsck` in it")));
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
    Exit symbolic = git.runBytes(git.inPlace(path, "symbolic-ref", "-q", "HEAD"), "");
    if (!(symbolic instanceof Exit.Finished(var code, var output, _)) || code > DETACHED)
      return GitFailure.notRun(symbolic, "git in " + path);
    RefName name = new RefName(output.replace("\n", ""));
    if (code == DETACHED || name.branch().isEmpty())
      return checkedOutObject(git, true).map(object -> new Head(Optional.empty(), object));
    return object(git, name).flatMap(object -> object.isPresent()
        ? Outcome.ok(new Head(Optional.of(name), object))
        : checkedOutObject(git, false).map(other -> new Head(Optional.of(name), other)));
  }

  /// What HEAD names, whatever its name is. A branch that no list shows is not taken for one
  /// without commits before Git has said so.
  private Outcome<Optional<String>> checkedOutObject(Git git, boolean required) {
    Exit exit = required
        ? git.run(git.inPlace(path, "rev-parse", "--verify", "HEAD"))
        : git.run(git.inPlace(path, "rev-parse", "-q", "--verify", "HEAD"));
    if (exit instanceof Exit.Finished finished && finished.ok())
      return Outcome.ok(Optional.of(finished.output().strip()));
    return !required && exit instanceof Exit.Finished(var code, _, var errors) && code == UNBORN
        && errors.isBlank()
            ? Outcome.ok(Optional.empty())
            : GitFailure.notRun(exit, "git in " + path);
  }

  /// The object of a reference; empty only when there is none. A reference that is there and cannot
  /// be read is not taken for that: Git warns of it and ends well.
  private Outcome<Optional<String>> object(Git git, RefName ref) {
    Exit exit = git.runBytes(git.inPlace(path, "for-each-ref", Refs.FORMAT, ref.pattern()), "");
    Optional<String> object = Refs.object(exit, ref);
    boolean answered = exit instanceof Exit.Finished finished && finished.ok()
        && finished.errors().isBlank();
    return object.isPresent() || answered
        ? Outcome.ok(object)
        : GitFailure.notRun(exit, "git in " + path);
  }

  /// The commit that an object is, or that a tag names; empty when it or its tree is not there or
  /// cannot be read.
  public static Outcome<Optional<String>> commit(Git git, ObjectDatabase objects, String object) {
    if (!object.matches("[0-9a-f]{40}([0-9a-f]{24})?"))
      return Outcome.ok(Optional.empty());
    try {
      Exit exit = git.commands().run(
          git.reading(objects, Map.of(), "cat-file", "--batch-check=%(objecttype) %(objectname)"),
          object + "^{commit}\n" + object + "^{tree}\n");
      if (!(exit instanceof Exit.Finished finished))
        return GitFailure.notRun(exit, "git cat-file");
      Matcher answer = COMMIT_AND_TREE.matcher(finished.output());
      return Outcome.ok(finished.ok() && answer.matches()
          ? Optional.of(answer.group("commit"))
          : Optional.empty());
    } catch (IOException e) {
      return new Outcome.Busy<>("source_unavailable", GitFailure.notWritten(e));
    }
  }

  /// Whether a commit is there and can be read.
  public static Outcome<Boolean> isCommit(Git git, ObjectDatabase objects, String commit) {
    return commit(git, objects, commit).map(found -> found.equals(Optional.of(commit)));
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
