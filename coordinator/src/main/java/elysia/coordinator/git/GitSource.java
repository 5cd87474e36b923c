package elysia.coordinator.git;

import elysia.core.diagnose.Check;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.source.Branch;
import elysia.core.source.Changes;
import elysia.core.source.Location;
import elysia.core.source.Pulled;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceSpec;
import elysia.git.command.Git;
import elysia.git.command.GitFailure;
import elysia.git.command.ObjectDatabase;
import elysia.git.process.Commands;
import elysia.git.process.Exit;
import elysia.git.repository.LocalRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Repositories through plain Git: remotes by clones of ours, local paths where they lie.
public final class GitSource implements Source {
  private static final Pattern VERSION = Pattern.compile("git version (\\d+)\\.(\\d+).*");
  private static final int MIN_MAJOR = 2;
  /// The first that can be told to leave the user's configuration alone (`GIT_CONFIG_GLOBAL`).
  private static final int MIN_MINOR = 32;

  private final Path clones;
  private final Git git;
  private final GitSettings settings;
  private final Remote remote;
  private final Clones pulls;
  private final Inspection inspection;
  private final CopyChecks copies;
  private volatile boolean proved;

  /// @param clones folder of the clones; made when it is not there
  public GitSource(Path clones, GitSettings settings, Commands commands) {
    this(clones, settings, commands, System.getenv());
  }

  /// @param node environment of this node: what of it reaches Git is chosen
  GitSource(Path clones, GitSettings settings, Commands commands, Map<String, String> node) {
    this.clones = clones.toAbsolutePath();
    this.git = new Git(commands, this.clones, settings.program(),
        settings.localDeadline(), node);
    this.settings = settings;
    this.remote = new Remote(git, settings);
    this.pulls = new Clones(git, settings);
    this.inspection = new Inspection(git, settings, remote);
    this.copies = new CopyChecks(git);
  }

  @Override
  public Outcome<Pulled> check(SourceSpec spec) {
    return location(spec).flatMap(location -> location.local()
        ? local(location).flatMap(repository -> repository.pulled(git, spec, false))
        : remote.tip(spec, location).map(
            tip -> new Pulled(tip.branch(), tip.commit(), "git", List.of())));
  }

  @Override
  public Outcome<Pulled> pull(SourceSpec spec) {
    return location(spec).flatMap(location -> location.local()
        ? local(location).flatMap(repository -> repository.pulled(git, spec, true))
        : remote.tip(spec, location).flatMap(tip -> pulls.pull(clone(spec), location, tip)));
  }

  @Override
  public Map<SourceSpec, Outcome<Pulled>> pullAll(Collection<SourceSpec> specs) {
    Map<SourceSpec, Outcome<Pulled>> results = new ConcurrentHashMap<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(settings.parallel(),
        Thread.ofVirtual().factory())) {
      for (SourceSpec spec : specs)
        pool.execute(() -> results.put(spec, pull(spec)));
    }
    Map<SourceSpec, Outcome<Pulled>> ordered = new LinkedHashMap<>();
    for (SourceSpec spec : specs)
      ordered.put(spec,
          results.getOrDefault(spec, new Outcome.Busy<>("source_unavailable", "git: no result")));
    return ordered;
  }

  @Override
  public Outcome<Changes> changes(SourceSpec spec, Optional<String> from, String to) {
    return objects(spec).flatMap(objects -> {
      Fault fault = fault(spec, to);
      return there(objects, to).flatMap(there -> {
        if (!there)
          return fault.outcome(new IOException("it is not there"));
        Outcome<Boolean> base = from.map(commit -> there(objects, commit)).orElse(Outcome.ok(true));
        return base.flatMap(known -> known
            ? open(new GitChanges(git, objects, from, to, fault, settings.renameLimit()), fault)
            : new Outcome.Busy<>("source_unavailable", "commit " + from.orElse("")
                + ", from which the index comes, is not in the repository any more"));
      });
    });
  }

  private Outcome<Boolean> there(ObjectDatabase objects, String commit) {
    return LocalRepository.isCommit(git, objects, commit);
  }

  private static Outcome<Changes> open(GitChanges changes, Fault fault) {
    try {
      changes.open();
      return Outcome.ok(changes);
    } catch (IOException e) {
      changes.close();
      return fault.outcome(e);
    }
  }

  @Override
  public boolean reachable(SourceSpec spec, String commit) {
    return objects(spec) instanceof Outcome.Ok<ObjectDatabase>(var objects)
        && LocalRepository.hasCommit(git, objects, commit);
  }

  @Override
  public Outcome<List<SourceChange>> lookup(SourceSpec spec, String commit,
      Collection<FilePath> paths) {
    return changes(spec, Optional.empty(), commit).flatMap(changes -> {
      Map<FilePath, SourceChange> found = new HashMap<>();
      paths.forEach(path -> found.put(path, new SourceChange.Remove(path, Optional.empty())));
      try (changes) {
        Outcome<Optional<SourceChange>> next = changes.next();
        while (next instanceof Outcome.Ok<Optional<SourceChange>>(var change)
            && change.isPresent()) {
          found.replace(change.get().path(), change.get());
          next = changes.next();
        }
        return next.map(_ -> {
          List<SourceChange> answer = new ArrayList<>();
          for (FilePath path : paths)
            answer.add(found.getOrDefault(path, new SourceChange.Remove(path, Optional.empty())));
          return answer;
        });
      }
    });
  }

  @Override
  public Outcome<Unit> forget(SourceSpec spec) {
    return location(spec).flatMap(location -> {
      if (location.local())
        return Unit.ok();
      try {
        clone(spec).delete();
        return Unit.ok();
      } catch (IOException e) {
        return new Outcome.Busy<>("source_unavailable",
            "the clone cannot be deleted: " + e.getMessage());
      }
    });
  }

  @Override
  public List<Check> inspect(SourceSpec spec, boolean withClone) {
    List<Check> checks = new ArrayList<>();
    switch (location(spec)) {
      case Outcome.Ok<Location>(var location) when location.local() ->
        checks.add(copies.inPlace(spec, location));
      case Outcome.Ok<Location>(var location) -> {
        checks.add(Check.ok(Check.Area.CONNECTIVITY, "program",
            "git pulls it: no mgit is on the PATH or in ELYSIACTL_MGIT."));
        checks.addAll(inspection.remote(spec, location));
        if (withClone)
          checks.add(copies.clone(spec, clone(spec), location));
      }
      case Outcome.Busy<Location>(_, var reason, _) ->
        checks.add(Check.failed(Check.Area.CONNECTIVITY, "git", reason + ".",
            "Nothing can be pulled.",
            "Free space, or make the folder writable; it heals by itself."));
      case Outcome.Refused<Location>(var problem) ->
        checks.add(Check.failed(Check.Area.CONNECTIVITY, "git", problem.message() + ".",
            "Nothing can be pulled.", problem.hint(), "git --version"));
    }
    return checks;
  }

  /// Makes the clone of a remote ready to be pulled by another program: a branch that follows the
  /// remote's, an empty and clean work tree, and no trace of the last fetch.
  ///
  /// @return its folder; empty when only Git itself can pull it: a local path, no clone yet
  public Optional<Path> prepareForeignPull(SourceSpec spec) {
    return location(spec) instanceof Outcome.Ok<Location>(var location) && !location.local()
        ? pulls.prepare(clone(spec), location, spec)
        : Optional.empty();
  }

  /// What another program has pulled since [#prepareForeignPull]; empty when the clone does not
  /// prove that the remote answered and its branch is here.
  public Optional<Pulled> foreignPull(SourceSpec spec, String via) {
    return pulls.pulledByAnother(clone(spec), spec, via);
  }

  private Outcome<Location> location(SourceSpec spec) {
    if (!spec.name().managed())
      return Outcome.refused("invalid_name", "name: \"" + spec.name() + "\" (expected: "
          + RepositoryName.MANAGED + ")");
    if (spec.branch().flatMap(Branch::problem).isPresent())
      return new Outcome.Refused<>(spec.branch().flatMap(Branch::problem).get());
    return Location.parse(spec.location()).flatMap(
        location -> proved && Files.isDirectory(clones)
            ? Outcome.ok(location)
            : prove().map(_ -> location));
  }

  /// Whether there is a git that we know how to keep from harm, and a folder to work in.
  private Outcome<Unit> prove() {
    try {
      Files.createDirectories(clones);
      Exit exit = git.run(git.inPlace(clones, "--version"));
      if (!(exit instanceof Exit.Finished finished) || !finished.ok())
        return GitFailure.notRun(exit, "git --version");
      Matcher version = VERSION.matcher(finished.output().strip());
      if (!version.matches() || Integer.parseInt(version.group(1)) < MIN_MAJOR
          || (Integer.parseInt(version.group(1)) == MIN_MAJOR
              && Integer.parseInt(version.group(2)) < MIN_MINOR))
        return Outcome.refused("git_too_old", "git: \"" + finished.output().strip()
            + "\" (expected: " + MIN_MAJOR + "." + MIN_MINOR + " or newer)", "update git");
      proved = true;
      return Unit.ok();
    } catch (IOException e) {
      return new Outcome.Busy<>("source_unavailable",
          "the folder of clones cannot be made: " + e.getMessage());
    }
  }

  private RemoteClone clone(SourceSpec spec) {
    return new RemoteClone(clones.resolve(spec.name().value()));
  }

  private Outcome<LocalRepository> local(Location location) {
    return LocalRepository.find(git, location);
  }

  private Outcome<ObjectDatabase> objects(SourceSpec spec) {
    return location(spec).flatMap(location -> {
      if (location.local())
        return local(location).map(LocalRepository::objects);
      try {
        return Outcome.ok(clone(spec).objects());
      } catch (IOException e) {
        return new Outcome.Busy<>("source_unavailable",
            "there is no clone of " + spec.name() + " on this node yet");
      }
    });
  }

  private Fault fault(SourceSpec spec, String commit) {
    return new Fault(spec.location().startsWith("/") ? Optional.empty() : Optional.of(clone(spec)),
        commit);
  }
}
