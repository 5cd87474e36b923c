package elysia.cli.feed.detect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.cli.feed.content.ContentRoots;
import elysia.cli.feed.content.ContentSource;
import elysia.cli.feed.content.LocalPaths;
import elysia.cli.feed.content.RepositoryOrigins;
import elysia.cli.feed.input.Inputs;
import elysia.cli.feed.upload.FeedJob;
import elysia.cli.feed.upload.UploadSettings;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
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
public final class DetectJob implements FeedJob {
  private final Session session;
  private final boolean deletes;
  private final String name;
  private final Path lines;
  private final Inputs.Identity identity;
  private final Map<RepositoryName, TrackedFolder> targets;
  private final NavigableMap<Long, Optional<TrackedFolder>> firstLines;
  private final ContentRoots others;
  private final GitTool git;

  private DetectJob(Session session, UploadSettings settings, String name, Path lines,
      Finding finding) {
    this.session = session;
    this.deletes = settings.content().deleteMissing();
    this.name = name;
    this.lines = lines;
    this.identity = Inputs.identity(lines.toString(), lines);
    this.targets = finding.targets;
    this.firstLines = finding.firstLines;
    this.others = settings.content().roots();
    this.git = finding.git;
  }

  /// Of the folder that the user named, or of the work tree around here, or of the folder here.
  public static DetectJob here(Session session, UploadSettings settings) {
    Path here = session.environment().workingDirectory();
    Path root = settings.content().root().or(() -> settings.trees().around())
        .orElse(here);
    if (!Files.isDirectory(root))
      throw Failure.usage(root + " is no folder", "name the repository's folder with --root");
    return of(session, settings, root.toString(),
        List.of(ListedRepository.folder(root, settings.content().name())));
  }

  /// Of the repositories in a JSON document.
  public static DetectJob named(Session session, UploadSettings settings, String file) {
    return of(session, settings, file, ListedRepository.read(session, file));
  }

  private static DetectJob of(Session session, UploadSettings settings, String name,
      List<ListedRepository> repositories) {
    Finding finding = new Finding(session, settings);
    try {
      Path lines = finding.spool();
      try (BufferedWriter out = Files.newBufferedWriter(lines)) {
        for (ListedRepository repository : repositories)
          finding.find(repository, out);
      } catch (IOException | RuntimeException e) {
        finding.targets.values().forEach(TrackedFolder::close);
        finding.git.close();
        throw e;
      }
      return new DetectJob(session, settings, name, lines, finding);
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
  public ContentSource origin() {
    return new DetectedContent(targets, others);
  }

  @Override
  public void failed(long line) {
    Map.Entry<Long, Optional<TrackedFolder>> entry = firstLines.floorEntry(line);
    if (entry != null)
      entry.getValue().ifPresent(TrackedFolder::failed);
    else // a file that is gone and that no line names
      targets.values().forEach(TrackedFolder::failed);
  }

  @Override
  public void done() throws IOException {
    for (TrackedFolder target : targets.values())
      target.remember(deletes);
  }

  @Override
  public void close() {
    targets.values().forEach(TrackedFolder::close);
    git.close();
    try {
      Files.deleteIfExists(lines);
    } catch (IOException e) { // the next run writes over it
    }
  }

  /// Writes the lines.
  private static final class Finding {
    private final Session session;
    private final UploadSettings settings;
    private final Path states;
    private final GitTool git = new GitTool();
    private final Map<RepositoryName, TrackedFolder> targets = new TreeMap<>();
    private final NavigableMap<Long, Optional<TrackedFolder>> firstLines = new TreeMap<>();
    private final RepositoryOrigins origins;
    private long line;

    Finding(Session session, UploadSettings settings) {
      this.session = session;
      this.settings = settings;
      this.states = settings.state().folder();
      this.origins = settings.origins();
    }

    /// A dry run writes nothing that stays.
    Path spool() throws IOException {
      if (!settings.dryRun())
        try {
          return Files.createDirectories(states.resolve("detected")).resolve("lines.jsonl");
        } catch (IOException e) { // the run continues without a state
        }
      return Files.createTempFile("elysiactl", ".jsonl");
    }

    void find(ListedRepository named, BufferedWriter out) throws IOException {
      Optional<String> problem = named.problem()
          .or(() -> Optional.of("another one in the list is called so, too: give each a \"name\" of"
              + " its own").filter(_ -> targets.containsKey(named.repo())))
          .or(() -> origins.claim(named.repo(), named.root())
              .map(other -> named.repo() + " is the name of " + other
                  + " in this collection: give this one another \"name\", or --name"));
      if (problem.isPresent()) {
        firstLines.put(line + 1, Optional.empty());
        fail(named, named.root() + ": " + problem.get(), out);
        return;
      }
      TrackedFolder target = new TrackedFolder(session, named.repo(), named.root(), states,
          settings.collection().value(), git);
      targets.put(named.repo(), target);
      firstLines.put(line + 1, Optional.of(target));
      if (named.changes().isPresent()) {
        for (JsonNode change : named.changes().get())
          explicit(target, change, out);
        return;
      }
      try {
        target.find(entry -> write(entry(target, entry), out), settings.dryRun());
      } catch (IOException e) {
        target.failed();
        fail(named, named.root() + ": " + e.getMessage(), out);
      }
    }

    private void fail(ListedRepository named, String why, BufferedWriter out) throws IOException {
      write(change(named.repo(), new FilePath("repository")).put("content_ref",
          DetectedContent.FAILED + why), out);
    }

    private static ObjectNode change(RepositoryName repo, FilePath path) {
      return Json.mapper().createObjectNode().put("repo", repo.value()).put("op", "modify")
          .put("path", LocalPaths.text(path));
    }

    private static ObjectNode entry(TrackedFolder target, CommittedFiles.Entry entry) {
      ObjectNode json = change(target.repo(), entry.path());
      if (entry.isNew())
        json.put("op", "add");
      if (!target.commit().isEmpty())
        json.put("commit", target.commit());
      return json.put("content_ref", entry.blob().map(
          blob -> blob.isEmpty() ? DetectedContent.FILE : DetectedContent.BLOB + blob)
          .orElse(DetectedContent.GONE));
    }

    /// A change that the document names: a path, or an object without its repository.
    private void explicit(TrackedFolder target, JsonNode change, BufferedWriter out)
        throws IOException {
      if (change instanceof ObjectNode object) {
        ObjectNode line = object.deepCopy().put("repo", target.repo().value());
        String root = target.root() + "/";
        if (line.path("path").asText().startsWith(root))
          line.put("path", line.path("path").asText().substring(root.length()));
        if (!line.hasNonNull("op"))
          line.put("op", "modify");
        boolean content = line.hasNonNull("content") || line.hasNonNull("content_base64")
            || line.hasNonNull("content_ref");
        if (!content && List.of("add", "modify", "update").contains(line.path("op").asText()))
          line.put("content_ref", DetectedContent.FILE);
        write(line, out);
      } else
        write(change(target.repo(), new FilePath("x")).put("path", change.asText(""))
            .put("content_ref", DetectedContent.FILE), out);
    }

    private void write(ObjectNode json, BufferedWriter out) throws IOException {
      out.write(json + "\n");
      line++;
    }
  }

}
