package elysia.coordinator.mgit;

import elysia.coordinator.git.GitSource;
import elysia.core.diagnose.Check;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.source.Changes;
import elysia.core.source.Pulled;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceSpec;
import elysia.git.process.Commands;
import elysia.git.process.Exit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A [GitSource] whose clones are brought up to date by mgit, many in one call; Git does what mgit
/// leaves undone, and everything else.
public final class MgitSource implements Source {
  private final GitSource git;
  private final Mgit mgit;
  private final Batches<Path> calls;
  private final String trouble;

  private MgitSource(GitSource git, Mgit mgit, MgitSettings settings, String trouble) {
    this.git = git;
    this.mgit = mgit;
    this.trouble = trouble;
    this.calls = new Batches<>(settings.collect(), settings.maxClones(), this::sync);
  }

  /// The source to use: with mgit where there is one, plain Git where there is none.
  ///
  /// A program that is there and does not work (mgit 0.13 ends in a syntax error before Python 3.12)
  /// is not used; every pull says so in a note.
  ///
  /// @param folder for mgit's home
  public static Source over(GitSource git, Path folder, MgitSettings settings, Commands commands) {
    Optional<Path> program = settings.program().or(() -> Commands.onPath("mgit"));
    if (program.isEmpty())
      return git;
    Mgit mgit = new Mgit(program.get(), folder.toAbsolutePath(), settings, commands);
    return new MgitSource(git, mgit, settings, probe(mgit));
  }

  private static String probe(Mgit mgit) {
    try {
      return switch (mgit.probe()) {
        case Exit.Finished finished when finished.ok() -> "";
        case Exit.Finished(var code, _, _) -> "mgit --version ended with status " + code;
        case Exit.TimedOut _ -> "mgit --version gave no answer";
        case Exit.Interrupted(var reason) -> "mgit --version: " + reason;
        case Exit.NotFound(var reason) -> "mgit: " + reason;
      };
    } catch (IOException e) {
      return "mgit's folder cannot be written: " + e.getMessage();
    }
  }

  @Override
  public Outcome<Pulled> pull(SourceSpec spec) {
    Optional<Path> clone = trouble.isEmpty() ? git.prepareForeignPull(spec) : Optional.empty();
    if (clone.isEmpty())
      return plain(spec, trouble);
    String said = calls.join(clone.get());
    return git.foreignPull(spec, "mgit").map(Outcome::ok).orElseGet(() -> plain(spec, said));
  }

  @Override
  public Map<SourceSpec, Outcome<Pulled>> pullAll(Collection<SourceSpec> specs) {
    Map<SourceSpec, Outcome<Pulled>> results = new LinkedHashMap<>();
    Map<SourceSpec, Path> prepared = new LinkedHashMap<>();
    if (trouble.isEmpty())
      specs.forEach(spec -> git.prepareForeignPull(spec)
          .ifPresent(clone -> prepared.put(spec, clone)));
    String said = prepared.isEmpty() ? trouble : sync(prepared.values());
    List<SourceSpec> rest = new ArrayList<>();
    for (SourceSpec spec : specs) {
      Optional<Pulled> pulled = prepared.containsKey(spec)
          ? git.foreignPull(spec, "mgit")
          : Optional.empty();
      pulled.ifPresentOrElse(answer -> results.put(spec, Outcome.ok(answer)), () -> rest.add(spec));
    }
    git.pullAll(rest).forEach((spec, outcome) -> results.put(spec,
        noted(outcome, prepared.containsKey(spec) ? said : trouble)));
    return results;
  }

  /// Without mgit a provider's credentials are out of reach; Git's own may do.
  private Outcome<Pulled> plain(SourceSpec spec, String note) {
    return noted(git.pull(spec), note);
  }

  private static Outcome<Pulled> noted(Outcome<Pulled> outcome, String note) {
    return outcome.map(pulled -> {
      if (note.isEmpty() || !pulled.via().equals("git"))
        return pulled;
      List<String> notes = new ArrayList<>(pulled.notes());
      notes.add(note + "; git did the work");
      return new Pulled(pulled.branch(), pulled.commit(), pulled.via(), notes);
    });
  }

  /// One call; what it says about clones that it did not pull.
  private String sync(Collection<Path> clones) {
    try {
      return switch (mgit.sync(clones)) {
        case Exit.Finished(var code, _, _) when code == 0 -> "mgit skipped the clone";
        case Exit.Finished(var code, _, _) -> "mgit could not pull the clone (status " + code + ")";
        case Exit.TimedOut(var deadline, _) -> "mgit was ended after " + deadline.toMillis()
            + " ms";
        case Exit.Interrupted(var reason) -> "mgit: " + reason;
        case Exit.NotFound(var reason) -> "mgit: " + reason;
      };
    } catch (IOException e) {
      return "mgit's folder cannot be written: " + e.getMessage();
    }
  }

  @Override
  public List<Check> inspect(SourceSpec spec, boolean withClone) {
    List<Check> checks = new ArrayList<>(git.inspect(spec, withClone));
    checks.removeIf(check -> check.name().equals("program"));
    if (!spec.location().startsWith("/"))
      checks.addFirst(trouble.isEmpty()
          ? Check.ok(Check.Area.CONNECTIVITY, "program",
              "mgit pulls it, and git what mgit leaves undone"
                  + spec.provider().map(provider -> "; provider " + provider).orElse("") + ".")
          : Check.warning(Check.Area.CONNECTIVITY, "program", "git pulls it: " + trouble + ".",
              spec.provider().isPresent()
                  ? "The credentials of the provider are out of reach."
                  : "Pulling works; many repositories take longer.",
              "Fix mgit (it needs Python 3.12), or unset ELYSIACTL_MGIT, and restart the node.",
              "mgit --version"));
    return checks;
  }

  @Override
  public Outcome<Pulled> check(SourceSpec spec) {
    return git.check(spec);
  }

  @Override
  public Outcome<Changes> changes(SourceSpec spec, Optional<String> from, String to) {
    return git.changes(spec, from, to);
  }

  @Override
  public boolean reachable(SourceSpec spec, String commit) {
    return git.reachable(spec, commit);
  }

  @Override
  public Outcome<List<SourceChange>> lookup(SourceSpec spec, String commit,
      Collection<FilePath> paths) {
    return git.lookup(spec, commit, paths);
  }

  @Override
  public Outcome<Unit> forget(SourceSpec spec) {
    return git.forget(spec);
  }
}
