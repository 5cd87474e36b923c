package elysia.coordinator.git;

import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.Pulled;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.command.GitFailure;
import elysia.git.command.ObjectDatabase;
import elysia.git.process.Exit;
import elysia.git.repository.LocalRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings clones up to date. A clone is a cache: one that is not there, not ours or broken is made
/// anew beside it and takes its place when it is whole.
final class Clones {
  private static final int SHA256_DIGITS = 64;

  private final Git git;
  private final GitSettings settings;

  Clones(Git git, GitSettings settings) {
    this.git = git;
    this.settings = settings;
  }

  Outcome<Pulled> pull(RemoteClone clone, Location location, Tip tip) {
    if (tip.commit().isEmpty())
      return Outcome.ok(new Pulled(tip.branch(), tip.commit(), "git", List.of()));
    String format = tip.commit().get().length() == SHA256_DIGITS ? "sha256" : "sha1";
    try {
      clone.sweep();
      boolean existed = Files.exists(clone.folder());
      if (!clone.usable(location.text(), format))
        return anew(clone, location, tip, format, existed);
      clone.configure(location.text(), tip, format, false);
      ObjectDatabase objects = clone.objects();
      if (clone.ref(git, tip.tracking()).equals(tip.commit())
          && LocalRepository.hasCommit(git, objects, tip.commit().get()))
        return done(tip, tip.commit().get(), List.of());
      Exit exit = fetch(clone, location, tip, settings.fetchDeadline());
      if (exit instanceof Exit.Finished finished && finished.ok()) {
        Optional<String> commit = clone.ref(git, tip.tracking());
        if (commit.isPresent() && LocalRepository.hasCommit(git, objects, commit.get())) {
          tidy(clone);
          return done(tip, commit.get(), List.of());
        }
      }
      return exit instanceof Exit.Finished && broken(clone)
          ? anew(clone, location, tip, format, true)
          : GitFailure.notRun(exit, "fetching from " + location.text());
    } catch (IOException e) {
      return new Outcome.Busy<>("source_unavailable", GitFailure.notWritten(e));
    }
  }

  private Outcome<Pulled> anew(RemoteClone clone, Location location, Tip tip, String format,
      boolean existed) throws IOException {
    RemoteClone draft = clone.draft();
    try {
      draft.create(location.text(), tip, format);
      Exit exit = fetch(draft, location, tip, settings.cloneDeadline());
      if (!(exit instanceof Exit.Finished finished) || !finished.ok())
        return GitFailure.notRun(exit, "cloning " + location.text());
      Optional<String> commit = draft.ref(git, tip.tracking());
      if (commit.isEmpty() || !LocalRepository.hasCommit(git, draft.objects(), commit.get()))
        return new Outcome.Busy<>("source_unavailable",
            "cloning " + location.text() + ": the branch did not arrive");
      draft.replace(clone);
      return done(tip, commit.get(), existed ? List.of("the clone was made anew") : List.of());
    } finally {
      draft.delete();
    }
  }

  private static Outcome<Pulled> done(Tip tip, String commit, List<String> notes) {
    return Outcome.ok(new Pulled(tip.branch(), Optional.of(commit), "git", notes));
  }

  private Exit fetch(RemoteClone clone, Location location, Tip tip, Duration deadline) {
    return git.run(git.network(location, clone.gitFolder(), deadline, Map.of(),
        new ArrayList<>(List.of("fetch", "--quiet", "--force", "--no-tags",
            "--no-recurse-submodules", "--no-auto-maintenance", "--update-shallow", "origin",
            "+" + tip.source() + ":" + tip.tracking()))));
  }

  private boolean broken(RemoteClone clone) {
    return git.run(git.inClone(clone.gitFolder(), clone.folder(), "fsck", "--connectivity-only",
        "--no-dangling", "--no-progress")) instanceof Exit.Finished finished && !finished.ok();
  }

  /// Packs what many fetches have left; a clone that could not be tidied is as good as before.
  private void tidy(RemoteClone clone) {
    git.run(git.inClone(clone.gitFolder(), clone.folder(), "-c", "gc.autoDetach=false", "-c",
        "gc.auto=6700", "gc", "--auto", "--quiet"));
  }

  Optional<Path> prepare(RemoteClone clone, Location location, SourceSpec spec) {
    try {
      Optional<String> branch = spec.branch().or(() -> followed(clone));
      Tip tip = new Tip(branch, Optional.empty());
      boolean usable = clone.usable(location.text(), "sha1")
          || clone.usable(location.text(), "sha256");
      if (spec.provider().isEmpty() && (branch.isEmpty() || !usable))
        return Optional.empty();
      if (!usable) // only mgit may have the credentials: it fills an empty clone
        begin(clone, location, tip);
      clone.configure(location.text(), tip, clone.format(), spec.branch().isEmpty());
      Files.deleteIfExists(clone.gitFolder().resolve("FETCH_HEAD"));
      return clone.alignWorkTree(git, tip) ? Optional.of(clone.folder()) : Optional.empty();
    } catch (IOException e) { // no clone yet, or not to be written: Git itself will say it
      return Optional.empty();
    }
  }

  private static void begin(RemoteClone clone, Location location, Tip tip) throws IOException {
    RemoteClone draft = clone.draft();
    draft.create(location.text(), tip, "sha1");
    draft.replace(clone);
  }

  private static Optional<String> followed(RemoteClone clone) {
    try {
      String head = Files.readString(clone.gitFolder().resolve("HEAD")).strip();
      return head.startsWith("ref: refs/heads/") && !head.equals("ref: refs/heads/HEAD")
          ? Optional.of(head.substring("ref: refs/heads/".length()))
          : Optional.empty();
    } catch (IOException e) { // no clone
      return Optional.empty();
    }
  }

  /// FETCH_HEAD was deleted before: if it names the commit that our reference names, the remote has
  /// answered since. Where no branch is named, the remote's HEAD must be that commit, too: else its
  /// default branch may have changed.
  Optional<Pulled> pulledByAnother(RemoteClone clone, SourceSpec spec, String via) {
    try {
      Optional<String> branch = spec.branch().or(() -> followed(clone));
      Optional<String> commit = clone.ref(git, Tip.tracking(branch));
      Path fetched = clone.gitFolder().resolve("FETCH_HEAD");
      if (commit.isEmpty() || !Files.exists(fetched)
          || Files.readString(fetched).lines()
              .noneMatch(line -> line.startsWith(commit.get() + "\t\t"))
          || !LocalRepository.hasCommit(git, clone.objects(), commit.get())
          || (branch.isPresent() && spec.branch().isEmpty()
              && !clone.ref(git, RemoteClone.REMOTE_HEAD).equals(commit)))
        return Optional.empty();
      return Optional.of(new Pulled(branch, commit, via, List.of()));
    } catch (IOException e) { // then nobody knows
      return Optional.empty();
    }
  }
}
