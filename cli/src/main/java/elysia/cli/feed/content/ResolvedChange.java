package elysia.cli.feed.content;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import elysia.cli.output.Text;
import elysia.core.change.Bytes;
import elysia.core.change.Change;
import elysia.core.change.Op;
import elysia.core.feed.RepeatableGroup;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.json.Json;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A change that is ready to be sent.
///
/// @param line of the input
/// @param content empty where none goes with it
public record ResolvedChange(long line, RepositoryName repo, Op op, FilePath path,
    Optional<FilePath> newPath,
    Optional<Bytes> content, boolean skip, Change origin) {
  /// The same file in the index, for a comparison.
  public Set<String> places() {
    return Stream.concat(Stream.of(path), newPath.stream()).map(p -> repo + "\n" + p)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// A rename may move what the index holds also where it has its content: that was not there when
  /// it was sent before.
  public RepeatableGroup.Touched touched() {
    return new RepeatableGroup.Touched(Optional.of(repo), path, newPath,
        op == Op.RENAME && RepeatableGroup.moves(origin));
  }

  /// Whether it moves what the index holds.
  public boolean moves() {
    return op == Op.RENAME && content.isEmpty() && !skip;
  }

  public int size() {
    return content.map(Bytes::size).orElse(0);
  }

  /// As a line of the change contract.
  public String json() {
    ObjectNode json = Json.mapper().createObjectNode().put("repo", repo.value())
        .put("op", op.name().toLowerCase(Locale.ROOT)).put("path", LocalPaths.text(path));
    newPath.ifPresent(to -> json.put("new_path", LocalPaths.text(to)));
    content.ifPresent(bytes -> json.put("content_base64",
        Base64.getEncoder().encodeToString(bytes.array())));
    if (skip)
      json.put("skip_index", true);
    origin.metadata().commit().ifPresent(commit -> json.put("commit", commit));
    origin.metadata().custom().ifPresent(metadata -> json.putRawValue("metadata",
        new RawValue(metadata)));
    return json + "\n";
  }

  /// One line for a person.
  public String look() {
    String where = Text.safe(path.value())
        + newPath.map(to -> " -> " + Text.safe(to.value())).orElse("");
    String size = content.isEmpty()
        ? ""
        : String.format(Locale.ROOT, " (%.1fkb)", size() / 1024.0);
    if (skip)
      return "[SKIP]   " + where + (origin.skipIndex()
          ? " (as its line says)"
          : String.format(Locale.ROOT, " (more than %,d bytes)", LineResolver.MAX_FILE));
    return switch (op) {
      case ADD -> "[ADD]    ";
      case MODIFY -> "[UPDATE] ";
      case DELETE -> "[DELETE] ";
      case RENAME -> "[RENAME] ";
    } + where + size;
  }
}
