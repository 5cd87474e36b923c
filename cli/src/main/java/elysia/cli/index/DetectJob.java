package elysia.cli.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.cli.session.ExitCode;
import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Changes that this command finds itself, written as lines to a file first: so the run can be
/// resumed like any other, as long as the repositories stay where they are.
final class DetectJob implements Job {
  private final Session session;
  private final boolean deletes;
  private final String name;
  private final Path lines;
  private final Inputs.Identity identity;
  private final Map<RepositoryName, Target> targets;
  private final NavigableMap<Long, Optional<Target>> firstLines;
  private final ContentRoots others;

  private DetectJob(Session session, FeedOptions options, String name, Path lines,
      Finding finding) {
    this.session = session;
    this.deletes = options.deletes(session);
    this.name = name;
    this.lines = lines;
    this.identity = Inputs.identity(lines.toString(), lines);
    this.targets = finding.targets;
    this.firstLines = finding.firstLines;
    this.others = options.contentRoots(session);
  }

  /// Of the folder that the user named, or of the work tree around here, or of the folder here.
  static DetectJob here(Session session, FeedOptions options) {
    Path here = session.environment().workingDirectory();
    Path root = options.root(session).or(() -> new Trees(here, Optional.empty()).around())
        .orElse(here);
    if (!Files.isDirectory(root))
      throw Failure.usage(root + " is no folder", "name the repository's folder with --root");
    return of(session, options, root.toString(), List.of(Named.folder(root)));
  }

  /// Of the repositories in a JSON document.
  static DetectJob named(Session session, FeedOptions options, String file) {
    return of(session, options, file, Named.read(session, file));
  }

  private static DetectJob of(Session session, FeedOptions options, String name,
      List<Named> repositories) {
    Finding finding = new Finding(session, options);
    try {
      Path lines = finding.spool();
      try (BufferedWriter out = Files.newBufferedWriter(lines)) {
        for (Named repository : repositories)
          finding.find(repository, out);
      } catch (IOException | RuntimeException e) {
        finding.targets.values().forEach(Target::close);
        throw e;
      }
      return new DetectJob(session, options, name, lines, finding);
    } catch (IOException e) {
      throw new Failure(ExitCode.PARTIAL, "the changes cannot be found: " + e.getMessage(), "")
          .because(e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Inputs.Identity> identity() {
    return Optional.of(identity);
  }

  @Override
  public InputStream open() {
    return Inputs.open(session, lines.toString());
  }

  @Override
  public Origin origin() {
    return new Detected(targets, others);
  }

  @Override
  public void failed(long line) {
    Map.Entry<Long, Optional<Target>> entry = firstLines.floorEntry(line);
    if (entry != null)
      entry.getValue().ifPresent(Target::failed);
    else // a file that is gone and that no line names
      targets.values().forEach(Target::failed);
  }

  @Override
  public void done() throws IOException {
    for (Target target : targets.values())
      target.remember(deletes);
  }

  @Override
  public void close() {
    targets.values().forEach(Target::close);
    try {
      Files.deleteIfExists(lines);
    } catch (IOException e) { // the next run writes over it
    }
  }

  /// Writes the lines.
  private static final class Finding {
    private final Session session;
    private final FeedOptions options;
    private final Path states;
    private final Map<RepositoryName, Target> targets = new TreeMap<>();
    private final NavigableMap<Long, Optional<Target>> firstLines = new TreeMap<>();
    private long line;

    Finding(Session session, FeedOptions options) {
      this.session = session;
      this.options = options;
      this.states = options.stateDir(session);
    }

    /// A dry run writes nothing that stays.
    Path spool() throws IOException {
      if (!options.dryRun)
        try {
          return Files.createDirectories(states.resolve("detected")).resolve("lines.jsonl");
        } catch (IOException e) { // the run goes on without a state
        }
      return Files.createTempFile("elysiactl", ".jsonl");
    }

    void find(Named named, BufferedWriter out) throws IOException {
      Optional<String> problem = named.problem()
          .or(() -> Optional.of("another one in the list is called so, too: give each a \"name\" of"
              + " its own").filter(_ -> targets.containsKey(named.repo())));
      if (problem.isPresent()) {
        firstLines.put(line + 1, Optional.empty());
        fail(named, named.root() + ": " + problem.get(), out);
        return;
      }
      Target target = new Target(session, named.repo(), named.root(), states,
          options.collection().value());
      targets.put(named.repo(), target);
      firstLines.put(line + 1, Optional.of(target));
      if (named.changes().isPresent()) {
        for (JsonNode change : named.changes().get())
          explicit(target, change, out);
        return;
      }
      try {
        target.find(entry -> write(entry(target, entry), out), options.dryRun);
      } catch (IOException e) {
        target.failed();
        fail(named, named.root() + ": " + e.getMessage(), out);
      }
    }

    private void fail(Named named, String why, BufferedWriter out) throws IOException {
      write(change(named.repo(), new FilePath("repository")).put("content_ref",
          Detected.FAILED + why), out);
    }

    private static ObjectNode change(RepositoryName repo, FilePath path) {
      return Json.mapper().createObjectNode().put("repo", repo.value()).put("op", "modify")
          .put("path", Paths.text(path));
    }

    private static ObjectNode entry(Target target, Git.Entry entry) {
      ObjectNode json = change(target.repo(), entry.path());
      if (entry.isNew())
        json.put("op", "add");
      if (!target.commit().isEmpty())
        json.put("commit", target.commit());
      return json.put("content_ref", entry.blob().map(
          blob -> blob.isEmpty() ? Detected.FILE : Detected.BLOB + blob).orElse(Detected.GONE));
    }

    /// A change that the document names: a path, or an object without its repository.
    private void explicit(Target target, JsonNode change, BufferedWriter out)
        throws IOException {
      if (change instanceof ObjectNode object) {
        ObjectNode line = object.deepCopy().put("repo", target.repo().value());
        if (!line.hasNonNull("op"))
          line.put("op", "modify");
        boolean content = line.hasNonNull("content") || line.hasNonNull("content_base64")
            || line.hasNonNull("content_ref");
        if (!content && List.of("add", "modify", "update").contains(line.path("op").asText()))
          line.put("content_ref", Detected.FILE);
        write(line, out);
      } else
        write(change(target.repo(), new FilePath("x")).put("path", change.asText(""))
            .put("content_ref", Detected.FILE), out);
    }

    private void write(ObjectNode json, BufferedWriter out) throws IOException {
      out.write(json + "\n");
      line++;
    }
  }

}
