package elysia.coordinator.git;

import elysia.core.outcome.FullDisk;
import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.core.source.Pulled;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.command.GitFailure;
import elysia.git.process.Exit;
import elysia.git.repository.LocalRepository;
import elysia.git.repository.RefName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings clones up to date. A clone is a cache: one that is not there, not ours, broken or not to
/// be written is repaired, or made again beside it and put in its place when it is whole.
final class Clones {
  private static final int SHA256_DIGITS = 64;

  private final Git git;
  private final GitSettings settings;
  private final CloneRepair repair;

  Clones(Git git, GitSettings settings) {
    this.git = git;
    this.settings = settings;
    this.repair = new CloneRepair(git);
  }

  Outcome<Pulled> pull(RemoteClone clone, Location location, Tip tip) {
    if (tip.commit().isEmpty())
      return Outcome.ok(new Pulled(tip.branch(), tip.commit(), "git", List.of()));
    String format = tip.commit().get().length() == SHA256_DIGITS ? "sha256" : "sha1";
    try {
      clone.sweep();
      boolean existed = Files.exists(clone.folder());
      if (!clone.usable(location.text(), format))
        return again(clone, location, tip, format, existed);
      try {
        return update(clone, location, tip, format);
      } catch (IOException e) { // of our own files in it: a new clone has none of them
        if (FullDisk.caused(e))
          throw e;
        return again(clone, location, tip, format, true);
      }
    } catch (IOException e) {
      return new Outcome.Busy<>("source_unavailable", GitFailure.notWritten(e));
    }
  }

  private Outcome<Pulled> update(RemoteClone clone, Location location, Tip tip, String format)
      throws IOException {
    List<String> notes = new ArrayList<>(repair.removeLocks(clone));
    clone.configure(location.text(), tip, format, false);
    Optional<String> seen = clone.ref(git, tip.tracking());
    Optional<String> commit = seen.equals(tip.object()) ? arrived(clone, tip) : Optional.empty();
    if (commit.isPresent())
      return done(tip, commit.get(), notes);
    if (repair.prune(clone, tip))
      notes.add("references in the way of " + tip.source() + " were removed from the clone");
    Exit exit = fetch(clone, location, tip, settings.fetchDeadline());
    if (failed(exit)) {
      List<String> repaired = repair.repair(clone, tip);
      notes.addAll(repaired);
      if (!repaired.isEmpty())
        exit = fetch(clone, location, tip, settings.fetchDeadline());
    }
    commit = exit instanceof Exit.Finished finished && finished.ok()
        ? arrived(clone, tip)
        : Optional.empty();
    if (commit.isPresent()) {
      clone.fetched();
      tidy(clone);
      return done(tip, commit.get(), notes);
    }
    if (failed(exit) || exit instanceof Exit.Finished)
      return notFetched(clone, location, tip, format, exit);
    return GitFailure.notRun(exit, "fetching from " + location.text());
  }

  private Outcome<Pulled> notFetched(RemoteClone clone, Location location, Tip tip, String format,
      Exit exit) throws IOException {
    Optional<Long> holder = new LockFiles(clone.gitFolder()).find().isEmpty()
        ? Optional.empty()
        : new LockFiles(clone.gitFolder()).holder();
    if (holder.isPresent())
      return new Outcome.Busy<>("source_unavailable", "fetching from " + location.text()
          + ": process " + holder.get() + " works in the clone");
    if (repair.unusable(clone, tip) || clone.failedOnceMore())
      return again(clone, location, tip, format, true);
    return exit instanceof Exit.Finished finished && finished.ok()
        ? notArrived("fetching from " + location.text())
        : GitFailure.notRun(exit, "fetching from " + location.text());
  }

  private static boolean failed(Exit exit) {
    return exit instanceof Exit.Finished(var code, _, var errors) && code != 0
        && !FullDisk.said(errors);
  }

  private static <T> Outcome<T> notArrived(String what) {
    return new Outcome.Busy<>("source_unavailable", what + ": the branch did not arrive");
  }

  /// The commit that our reference stands for; empty when it is not there or cannot be read.
  private Optional<String> arrived(RemoteClone clone, Tip tip) throws IOException {
    Optional<String> object = clone.ref(git, tip.tracking());
    return object.isPresent()
        && LocalRepository.commit(git, clone.objects(),
            object.get()) instanceof Outcome.Ok<Optional<String>>(var commit)
                ? commit
                : Optional.empty();
  }

  private Outcome<Pulled> again(RemoteClone clone, Location location, Tip tip, String format,
      boolean existed) throws IOException {
    RemoteClone draft = clone.draft();
    try {
      draft.create(location.text(), tip, format);
      Exit exit = fetch(draft, location, tip, settings.cloneDeadline());
      if (!(exit instanceof Exit.Finished finished) || !finished.ok())
        return GitFailure.notRun(exit, "cloning " + location.text());
      Optional<String> commit = arrived(draft, tip);
      if (commit.isEmpty())
        return notArrived("cloning " + location.text());
      clone.damagedAt().ifPresent(draft::madeForDamage);
      draft.replace(clone);
      return done(tip, commit.get(), existed ? List.of("the clone was made again") : List.of());
    } finally {
      draft.delete();
    }
  }

  private static Outcome<Pulled> done(Tip tip, String commit, List<String> notes) {
    return Outcome.ok(new Pulled(tip.branch(), Optional.of(commit), "git", notes));
  }

  private Exit fetch(RemoteClone clone, Location location, Tip tip, Duration deadline) {
    return git.runBytes(git.network(location, clone.gitFolder(), deadline, Map.of(),
        List.of("fetch", "--quiet", "--force", "--no-tags", "--no-recurse-submodules",
            "--no-auto-maintenance", "--no-write-fetch-head", "--update-shallow", "--stdin",
            "origin")),
        tip.refspec() + "\n");
  }

  /// Packs what many fetches have left; a clone that could not be tidied is as good as before.
  private void tidy(RemoteClone clone) {
    git.run(git.inClone(clone.gitFolder(), clone.folder(), "-c", "gc.autoDetach=false", "-c",
        "gc.auto=6700", "gc", "--auto", "--quiet"));
  }

  Optional<Path> prepare(RemoteClone clone, Location location, SourceSpec spec) {
    try {
      Optional<String> branch = spec.branch().or(() -> followed(clone));
      Tip tip = new Tip(branch);
      boolean usable = clone.usable(location.text(), "sha1")
          || clone.usable(location.text(), "sha256");
      if (spec.provider().isEmpty() && (branch.isEmpty() || !usable))
        return Optional.empty();
      if (!usable) // only mgit may have the credentials: it fills an empty clone
        begin(clone, location, tip);
      clone.configure(location.text(), tip, clone.format(), spec.branch().isEmpty());
      repair.removeLocks(clone);
      repair.prune(clone, tip);
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
      String head = Files.readString(clone.gitFolder().resolve("HEAD"),
          StandardCharsets.ISO_8859_1).strip();
      return new RefName(head.replaceFirst("^ref: ", "")).branch()
          .filter(name -> !name.equals("HEAD"));
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
      Optional<String> object = clone.ref(git, Tip.tracking(branch));
      Path fetched = clone.gitFolder().resolve("FETCH_HEAD");
      if (object.isEmpty() || !Files.exists(fetched)
          || Files.readString(fetched, StandardCharsets.ISO_8859_1).lines()
              .noneMatch(line -> line.startsWith(object.get() + "\t\t"))
          || (branch.isPresent() && spec.branch().isEmpty()
              && !clone.ref(git, RemoteClone.REMOTE_HEAD).equals(object)))
        return Optional.empty();
      return arrived(clone, new Tip(branch))
          .map(commit -> new Pulled(branch, Optional.of(commit), via, List.of()));
    } catch (IOException e) { // then nobody knows
      return Optional.empty();
    }
  }
}
