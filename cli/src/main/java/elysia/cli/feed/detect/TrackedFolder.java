package elysia.cli.feed.detect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.cli.output.Text;
import elysia.cli.session.Session;
import elysia.core.identity.RepositoryName;
import elysia.core.identity.Sha256;
import elysia.core.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A repository's folder whose changes since the last time are to be found, and what is remembered
/// of it: a file whose first line is its head.
public final class TrackedFolder implements AutoCloseable {
  private static final int KEY = 16;

  private final Session session;
  private final RepositoryName repo;
  private final Path root;
  private final Optional<CommittedFiles> git;
  private final Path memory;
  private final Path leftOut;
  private final ObjectNode head = Json.mapper().createObjectNode();
  private boolean unknown = true;
  private boolean unswept;
  private boolean failed;
  private boolean found;

  /// @param states state directory
  TrackedFolder(Session session, RepositoryName repo, Path root, Path states,
      String collection, GitTool tool) {
    this.session = session;
    this.repo = repo;
    this.root = root;
    this.git = CommittedFiles.at(root, tool);
    this.leftOut = states;
    String key = Sha256.hex((root + "\n" + collection + "\n" + repo)
        .getBytes(StandardCharsets.UTF_8)).substring(0, KEY);
    this.memory = states.resolve("detected").resolve(key + ".jsonl");
    head.put("root", root.toString()).put("repo", repo.value()).put("collection", collection);
  }

  public RepositoryName repo() {
    return repo;
  }

  public Path root() {
    return root;
  }

  public Optional<CommittedFiles> git() {
    return git;
  }

  /// The commit that was looked at; empty without Git.
  public String commit() {
    return head.path("commit").asText("");
  }

  /// Whether the index may hold files that no line names as gone.
  public boolean toCompare() {
    return found && (unknown || unswept);
  }

  public void failed() {
    failed = true;
  }

  /// Gives every file that has changed to the visitor.
  public void find(CommittedFiles.Visitor visitor, boolean dryRun) throws IOException {
    head.put("at", session.now().toString());
    boolean[] gone = {false};
    CommittedFiles.Visitor watching = entry -> {
      gone[0] |= entry.blob().isEmpty();
      visitor.visit(entry);
    };
    try (BufferedReader before = open()) {
      JsonNode last = Json.mapper().readTree(before == null ? "{}" : head(before));
      unknown = before == null;
      unswept = last.path("unswept").asBoolean();
      if (git.isPresent())
        commits(git.get(), last.path("commit").asText(""), watching);
      else
        folder(before, last, watching, dryRun);
    }
    found = true;
    unswept |= unknown || gone[0];
  }

  private static String head(BufferedReader before) throws IOException {
    String line = before.readLine();
    return line == null ? "{}" : line;
  }

  private @Nullable BufferedReader open() {
    try {
      return Files.newBufferedReader(memory);
    } catch (IOException e) { // the first time
      return null;
    }
  }

  private void commits(CommittedFiles git, String from, CommittedFiles.Visitor visitor)
      throws IOException {
    Optional<String> to = git.head();
    head.put("commit", to.orElse(""));
    unknown |= from.isEmpty() || !git.has(from);
    if (to.isEmpty())
      unknown = true;
    else if (unknown)
      git.all(to.get(), visitor);
    else
      git.between(from, to.get(), visitor);
  }

  private void folder(@Nullable BufferedReader before, JsonNode last,
      CommittedFiles.Visitor visitor,
      boolean dryRun) throws IOException {
    if (!dryRun)
      Files.createDirectories(memory.getParent());
    Instant looked = Instant.parse(last.path("at").asText("1970-01-01T00:00:00Z"));
    try (BufferedWriter now = dryRun
        ? new BufferedWriter(Writer.nullWriter())
        : Files.newBufferedWriter(seen())) {
      new FolderScan(root, leftOut, looked, before, now, visitor,
          (path, e) -> session.console().error("warning: " + Text.safe(path.toString())
              + " cannot be listed, so its files stay as they are: " + Text.safe(e.toString())))
          .look();
    }
  }

  private Path seen() {
    return memory.resolveSibling(memory.getFileName() + ".seen");
  }

  /// What was found is in the index: the next time begins here.
  ///
  /// @param deleted whether what is gone was deleted
  public void remember(boolean deleted) throws IOException {
    if (failed || !found)
      return;
    head.put("unswept", unswept && !deleted);
    Files.createDirectories(memory.getParent());
    Path next = memory.resolveSibling(memory.getFileName() + ".next");
    try (BufferedWriter out = Files.newBufferedWriter(next)) {
      out.write(head + "\n");
      if (git.isEmpty())
        try (BufferedReader in = Files.newBufferedReader(seen())) {
          in.transferTo(out);
        }
    }
    Files.move(next, memory, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(seen());
  }

  @Override
  public void close() {
    git.ifPresent(CommittedFiles::close);
  }
}
