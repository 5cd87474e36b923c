package elysia.coordinator.git;

import static elysia.core.diagnose.Check.Area.CLONE;

import elysia.core.diagnose.Check;
import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.Pulled;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.command.Stderr;
import elysia.git.process.Exit;
import elysia.git.repository.LocalRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Checks of what is read on this machine: a clone of ours, or a repository in its place.
final class CopyChecks {
  private final Git git;

  CopyChecks(Git git) {
    this.git = git;
  }

  /// A repository of somebody else.
  Check inPlace(SourceSpec spec, Location location) {
    return LocalRepository.find(git, location)
        .flatMap(repository -> repository.pulled(git, spec,
            false)) instanceof Outcome.Ok<Pulled>(var pulled)
                ? Check.ok(CLONE, "repository", location.text() + " is a Git repository, "
                    + pulled.branch().map(branch -> "branch " + branch).orElse("detached HEAD")
                    + pulled.commit().map(commit -> " at " + commit.substring(0, 8))
                        .orElse(", without a commit")
                    + ".")
                : broken(spec, location);
  }

  private Check broken(SourceSpec spec, Location location) {
    Outcome<Pulled> outcome = LocalRepository.find(git, location)
        .flatMap(repository -> repository.pulled(git, spec, false));
    String why = switch (outcome) {
      case Outcome.Ok<Pulled> _ -> "it was being changed";
      case Outcome.Busy<Pulled>(_, var reason, _) -> reason;
      case Outcome.Refused<Pulled>(var problem) -> problem.text();
    };
    return Check.failed(CLONE, "repository", why + ".",
        "Nothing new is indexed; what is indexed stays searchable.",
        "Bring the folder back, or fix the repository; it is tried again by itself.",
        "git -C " + Credentials.quoted(location.text()) + " fsck");
  }

  /// A clone that this node keeps.
  Check clone(SourceSpec spec, RemoteClone clone, Location location) {
    if (!Files.exists(clone.folder()))
      return Check.warning(CLONE, "clone", "There is no clone on this node yet.",
          "The next sync makes it, which takes longer than a later one.", "");
    if (!clone.usable(location.text(), "sha1") && !clone.usable(location.text(), "sha256"))
      return Check.warning(CLONE, "clone", "The clone is damaged or half made.",
          "The next sync makes it again; the index is not affected.", "Sync now, or wait.",
          "elysiactl repo sync " + spec.name());
    Optional<Check> locked = locked(spec, clone);
    if (locked.isPresent())
      return locked.get();
    Exit exit = git.run(git.inClone(clone.gitFolder(), clone.folder(), "fsck",
        "--connectivity-only", "--no-dangling", "--no-progress"));
    return switch (exit) {
      case Exit.Finished finished when finished.ok() ->
        Check.ok(CLONE, "clone", "The clone is whole" + at(spec, clone) + ".");
      case Exit.Finished(_, _, var errors) ->
        Check.warning(CLONE, "clone", "The clone is damaged: " + Stderr.lastLines(errors) + ".",
            "The next sync that meets the damage makes it again; the index is not affected.",
            "Sync everything now, or wait.", "elysiactl repo sync " + spec.name() + " --full");
      case Exit.TimedOut(var deadline, _) ->
        Check.warning(CLONE, "clone", "The clone was not looked through within "
            + deadline.toSeconds() + " s.", "Nobody knows whether it is whole.", "");
      case Exit.Interrupted(var reason) ->
        Check.warning(CLONE, "clone", "The clone was not looked through: " + reason + ".",
            "Nobody knows whether it is whole.", "");
      case Exit.NotFound(var reason) ->
        Check.failed(CLONE, "clone", "git cannot be run: " + reason + ".",
            "Nothing can be synced.", "Install git 2.32 or newer.", "git --version");
    };
  }

  private static Optional<Check> locked(SourceSpec spec, RemoteClone clone) {
    LockFiles locks = new LockFiles(clone.gitFolder());
    try {
      List<Path> found = locks.find();
      if (found.isEmpty() || locks.holder().isPresent())
        return Optional.empty();
      return Optional.of(Check.warning(CLONE, "clone",
          "The clone has locks that no process holds: " + locks.names(found) + ".",
          "The next sync removes them; the index is not affected.", "Sync now, or wait.",
          "elysiactl repo sync " + spec.name()));
    } catch (IOException e) { // it is being changed
      return Optional.empty();
    }
  }

  private String at(SourceSpec spec, RemoteClone clone) {
    return clone.ref(git, Tip.tracking(spec.branch())).map(c -> ", at " + c.substring(0, 8))
        .orElse("") + size(clone);
  }

  private static String size(RemoteClone clone) {
    try (var files = Files.walk(clone.gitFolder())) {
      long bytes = files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length())
          .sum();
      return ", " + Math.max(1, bytes / 1_000_000) + " MB";
    } catch (IOException | java.io.UncheckedIOException e) { // it is being changed
      return "";
    }
  }
}
