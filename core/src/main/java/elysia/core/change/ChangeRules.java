package elysia.core.change;

import elysia.core.change.Line.Reason;
import elysia.core.change.PathRules.Checked;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The meaning of the fields of a line together: a change, a folder, a marker, an event. A fault
/// goes to the fields of the object that it is in. Not thread-safe.
final class ChangeRules {
  private static final String OPS = "add, modify, delete or rename";
  private static final String ARROW = " -> ";

  private final ContentRules contents = new ContentRules();
  private final LineFormat format;
  private @Nullable String repoText;
  private Optional<RepositoryName> repo = Optional.empty();

  ChangeRules(LineFormat format) {
    this.format = format;
  }

  /// @return null when a fields has a fault
  @Nullable
  Line line(RawFields line, RawFields data, RawFields changeset, LinePosition position) {
    if (line.fault != null)
      return null;
    if (line.has(Field.EVENT) && !line.has(Field.OP))
      return event(line, data, position);
    if (line.has(Field.NEW_CHANGESET) && !line.has(Field.OP) && !line.has(Field.PATH))
      return marker(line, changeset, position);
    if (line.op == null && line.path != null && line.hasNothingBut(Field.PATH))
      return bare(line, PathRules.asWritten(line.path), position);
    String op = line.op;
    if (op == null) {
      line.fault(null, "op: missing", OPS);
      return null;
    }
    return switch (op) {
      case "add" -> change(line, Op.ADD, position);
      case "modify", "update" -> change(line, Op.MODIFY, position);
      case "delete" -> change(line, Op.DELETE, position);
      case "rename" -> change(line, Op.RENAME, position);
      default -> {
        line.fault(Field.OP, "op: \"" + op + "\"", OPS);
        yield null;
      }
    };
  }

  /// A line that is no more than a path.
  @Nullable
  Line bare(RawFields fields, Checked checked, LinePosition position) {
    return switch (checked) {
      case Checked.Good(var path, var folder) when folder ->
        new Line.Folder(position, Optional.empty(), path);
      case Checked.Good(var path, _) -> new Line.ChangeLine(new Change(position, Optional.empty(),
          Op.MODIFY, path, Optional.empty(), new LineContent.Absent(), ChangeMetadata.NONE, false),
          fields.unknownShown());
      case Checked.Refused(var wrong, var expected) -> {
        fields.fault(Field.PATH, "path: " + wrong, expected);
        yield null;
      }
    };
  }

  private @Nullable Line event(RawFields line, RawFields data, LinePosition position) {
    String event = line.event == null ? "" : line.event;
    return switch (event) {
      case "file_indexed" -> fileEvent(line, data, Op.ADD, position);
      case "file_updated" -> fileEvent(line, data, Op.MODIFY, position);
      case "file_deleted" -> fileEvent(line, data, Op.DELETE, position);
      case "file_skipped" -> {
        data.skipIndex = true;
        yield fileEvent(line, data, Op.MODIFY, position);
      }
      case "repo_sync_complete" -> marker(data, data, position);
      case String other when other.startsWith("file_") -> {
        line.fault(Field.EVENT, "event: \"" + other + "\"",
            "file_indexed, file_updated, file_deleted or file_skipped");
        yield null;
      }
      default -> new Line.Ignored(position, Reason.EVENT);
    };
  }

  private @Nullable Line fileEvent(RawFields line, RawFields data, Op op, LinePosition position) {
    if (!line.has(Field.DATA) || data.seen.isEmpty()) {
      line.fault(Field.DATA, "data: missing", "an object with repo_id and file_path");
      return null;
    }
    if (data.timestamp == null)
      data.timestamp = line.timestamp;
    return data.fault == null ? change(data, op, position) : null;
  }

  private @Nullable Line marker(RawFields owner, RawFields state, LinePosition position) {
    Optional<RepositoryName> name = repo(owner);
    if (name.isEmpty() || owner.fault != null || state.fault != null)
      return null;
    return new Line.Marker(position, name.get(), Optional.ofNullable(state.commit),
        Optional.ofNullable(state.branch));
  }

  private @Nullable Line change(RawFields fields, Op told, LinePosition position) {
    Optional<RepositoryName> name = repo(fields);
    String text = fields.path;
    if (text == null) {
      fields.fault(null, "path: missing", "the path of a file");
      return null;
    }
    Op op = told;
    String newText = fields.newPath;
    int arrow = "modify".equals(fields.op) && newText == null && !contents.given(fields)
        ? arrow(text)
        : -1;
    if (arrow >= 0) {
      op = Op.RENAME;
      newText = text.substring(arrow + ARROW.length());
      text = text.substring(0, arrow);
    } else if ((newText == null) == (op == Op.RENAME)) {
      fields.fault(newText == null ? null : Field.NEW_PATH,
          newText == null ? "new_path: missing" : "new_path: given with op " + fields.op,
          "a new_path exactly when op is rename");
      return null;
    }
    Checked.Good path = path(fields, Field.PATH, text);
    Checked.Good newPath = newText == null ? null : path(fields, Field.NEW_PATH, newText);
    fields.hash = ContentRules.normalHash(fields);
    LineContent content = contents.content(fields, op);
    ChangeMetadata metadata = metadata(fields);
    if (fields.fault != null || path == null)
      return null;
    if (path.folder() || (newPath != null && newPath.folder()))
      return folder(fields, op, name, path.path(), content, position);
    if (newPath != null && newPath.path().equals(path.path())) {
      fields.fault(Field.NEW_PATH, "new_path: the same as path", "another path");
      return null;
    }
    Optional<FilePath> target = newPath == null ? Optional.empty() : Optional.of(newPath.path());
    return new Line.ChangeLine(
        new Change(position, name, op, path.path(), target, content, metadata, fields.skipIndex),
        fields.unknownShown());
  }

  private @Nullable Line folder(RawFields fields, Op op, Optional<RepositoryName> name,
      FilePath path,
      LineContent content, LinePosition position) {
    if (op == Op.ADD && content instanceof LineContent.Absent)
      return new Line.Folder(position, name, path);
    fields.fault(Field.PATH, "path: \"" + path + "/\" is a folder",
        "a file; a folder only with op add and without content");
    return null;
  }

  private Optional<RepositoryName> repo(RawFields fields) {
    String text = fields.repo;
    if (text == null) {
      fields.fault(null, fields.scope == Field.Scope.DATA ? "repo_id: missing" : "repo: missing",
          "the name of the repository");
      return Optional.empty();
    }
    if (text.equals(repoText)) // lines of one repository come together
      return repo;
    try {
      repo = Optional.of(new RepositoryName(text));
      repoText = text;
      return repo;
    } catch (IllegalArgumentException e) {
      fields.fault(Field.REPO, "repo: \"" + text + "\"",
          "1 to 512 characters, not all blank, no control characters");
      return Optional.empty();
    }
  }

  private Checked.@Nullable Good path(RawFields fields, Field field, String text) {
    boolean absolute = format == LineFormat.OBJECTS && text.startsWith("/");
    return switch (absolute ? PathRules.asWritten(text) : PathRules.inRepository(text)) {
      case Checked.Good good -> good;
      case Checked.Refused(var wrong, var expected) -> {
        fields.fault(fields.has(field) ? field : Field.PATH,
            (field == Field.PATH ? "path: " : "new_path: ") + wrong, expected);
        yield null;
      }
    };
  }

  /// Where mgit joined the two names of a rename, -1 if it did not: it quotes names that have a
  /// blank, so that the arrow of a real name is in quotes.
  private static int arrow(String text) {
    for (int at = text.indexOf(ARROW); at >= 0; at = text.indexOf(ARROW, at + 1)) {
      if (gitName(text.substring(0, at)) && gitName(text.substring(at + ARROW.length())))
        return at;
    }
    return -1;
  }

  private static boolean gitName(String text) {
    return text.startsWith("\"")
        ? FilePath.unquote(text).isPresent()
        : !text.isEmpty() && text.indexOf(' ') < 0;
  }

  private static ChangeMetadata metadata(RawFields fields) {
    if (fields.hash == null && fields.size < 0 && fields.mime == null && fields.charset == null
        && fields.metadata == null && fields.commit == null && fields.timestamp == null)
      return ChangeMetadata.NONE;
    return new ChangeMetadata(Optional.ofNullable(fields.hash),
        fields.size < 0 ? OptionalLong.empty() : OptionalLong.of(fields.size),
        Optional.ofNullable(fields.mime), Optional.ofNullable(fields.charset),
        Optional.ofNullable(fields.metadata), Optional.ofNullable(fields.commit),
        Optional.ofNullable(fields.timestamp));
  }
}
