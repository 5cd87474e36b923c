package elysia.core.change;

import elysia.core.change.Line.Reason;
import elysia.core.change.PathRules.Checked;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What the fields of a line mean together: a change, a folder, a marker, an event. A fault goes to
/// the draft of the object that it is in. Not thread-safe.
final class ChangeRules {
  private static final String OPS = "add, modify, delete or rename";
  private static final String ARROW = " -> ";

  private final ContentRules contents = new ContentRules();
  private @Nullable String repoText;
  private Optional<RepositoryName> repo = Optional.empty();

  /// @return null when a draft has a fault
  @Nullable
  Line line(Draft line, Draft data, Draft changeset, Place place) {
    if (line.fault != null)
      return null;
    if (line.has(Field.EVENT) && !line.has(Field.OP))
      return event(line, data, place);
    if (line.has(Field.NEW_CHANGESET) && !line.has(Field.OP) && !line.has(Field.PATH))
      return marker(line, changeset, place);
    if (line.op == null && line.path != null && line.hasNothingBut(Field.PATH))
      return bare(line, PathRules.asWritten(line.path), place);
    String op = line.op;
    if (op == null) {
      line.fault(null, "op: missing", OPS);
      return null;
    }
    return switch (op) {
      case "add" -> change(line, Op.ADD, place);
      case "modify", "update" -> change(line, Op.MODIFY, place);
      case "delete" -> change(line, Op.DELETE, place);
      case "rename" -> change(line, Op.RENAME, place);
      default -> {
        line.fault(Field.OP, "op: \"" + op + "\"", OPS);
        yield null;
      }
    };
  }

  /// A line that is no more than a path.
  @Nullable
  Line bare(Draft draft, Checked checked, Place place) {
    return switch (checked) {
      case Checked.Good(var path, var folder) when folder ->
        new Line.Folder(place, Optional.empty(), path);
      case Checked.Good(var path, _) -> new Line.ChangeLine(new Change(place, Optional.empty(),
          Op.MODIFY, path, Optional.empty(), new Content.Absent(), Facts.NONE, false),
          draft.unknownShown());
      case Checked.Refused(var wrong, var expected) -> {
        draft.fault(Field.PATH, "path: " + wrong, expected);
        yield null;
      }
    };
  }

  private @Nullable Line event(Draft line, Draft data, Place place) {
    String event = line.event == null ? "" : line.event;
    return switch (event) {
      case "file_indexed" -> fileEvent(line, data, Op.ADD, place);
      case "file_updated" -> fileEvent(line, data, Op.MODIFY, place);
      case "file_deleted" -> fileEvent(line, data, Op.DELETE, place);
      case "file_skipped" -> {
        data.skipIndex = true;
        yield fileEvent(line, data, Op.MODIFY, place);
      }
      case "repo_sync_complete" -> marker(data, data, place);
      case String other when other.startsWith("file_") -> {
        line.fault(Field.EVENT, "event: \"" + other + "\"",
            "file_indexed, file_updated, file_deleted or file_skipped");
        yield null;
      }
      default -> new Line.Ignored(place, Reason.EVENT);
    };
  }

  private @Nullable Line fileEvent(Draft line, Draft data, Op op, Place place) {
    if (!line.has(Field.DATA) || data.seen.isEmpty()) {
      line.fault(Field.DATA, "data: missing", "an object with repo_id and file_path");
      return null;
    }
    if (data.timestamp == null)
      data.timestamp = line.timestamp;
    return data.fault == null ? change(data, op, place) : null;
  }

  private @Nullable Line marker(Draft owner, Draft state, Place place) {
    Optional<RepositoryName> name = repo(owner);
    if (name.isEmpty() || owner.fault != null || state.fault != null)
      return null;
    return new Line.Marker(place, name.get(), Optional.ofNullable(state.commit),
        Optional.ofNullable(state.branch));
  }

  private @Nullable Line change(Draft draft, Op told, Place place) {
    Optional<RepositoryName> name = repo(draft);
    String text = draft.path;
    if (text == null) {
      draft.fault(null, "path: missing", "the path of a file");
      return null;
    }
    Op op = told;
    String newText = draft.newPath;
    int arrow = "modify".equals(draft.op) && newText == null && !contents.given(draft)
        ? arrow(text)
        : -1;
    if (arrow >= 0) {
      op = Op.RENAME;
      newText = text.substring(arrow + ARROW.length());
      text = text.substring(0, arrow);
    } else if ((newText == null) == (op == Op.RENAME)) {
      draft.fault(newText == null ? null : Field.NEW_PATH,
          newText == null ? "new_path: missing" : "new_path: given with op " + draft.op,
          "a new_path exactly when op is rename");
      return null;
    }
    Checked.Good path = path(draft, Field.PATH, text);
    Checked.Good newPath = newText == null ? null : path(draft, Field.NEW_PATH, newText);
    draft.hash = ContentRules.normalHash(draft);
    Content content = contents.content(draft, op);
    Facts facts = facts(draft);
    if (draft.fault != null || path == null)
      return null;
    if (path.folder() || (newPath != null && newPath.folder()))
      return folder(draft, op, name, path.path(), content, place);
    if (newPath != null && newPath.path().equals(path.path())) {
      draft.fault(Field.NEW_PATH, "new_path: the same as path", "another path");
      return null;
    }
    Optional<FilePath> target = newPath == null ? Optional.empty() : Optional.of(newPath.path());
    return new Line.ChangeLine(
        new Change(place, name, op, path.path(), target, content, facts, draft.skipIndex),
        draft.unknownShown());
  }

  private @Nullable Line folder(Draft draft, Op op, Optional<RepositoryName> name, FilePath path,
      Content content, Place place) {
    if (op == Op.ADD && content instanceof Content.Absent)
      return new Line.Folder(place, name, path);
    draft.fault(Field.PATH, "path: \"" + path + "/\" is a folder",
        "a file; a folder only with op add and without content");
    return null;
  }

  private Optional<RepositoryName> repo(Draft draft) {
    String text = draft.repo;
    if (text == null) {
      draft.fault(null, draft.scope == Field.Scope.DATA ? "repo_id: missing" : "repo: missing",
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
      draft.fault(Field.REPO, "repo: \"" + text + "\"",
          "1 to 512 characters, not all blank, no control characters");
      return Optional.empty();
    }
  }

  private static Checked.@Nullable Good path(Draft draft, Field field, String text) {
    return switch (PathRules.inRepository(text)) {
      case Checked.Good good -> good;
      case Checked.Refused(var wrong, var expected) -> {
        draft.fault(draft.has(field) ? field : Field.PATH,
            (field == Field.PATH ? "path: " : "new_path: ") + wrong, expected);
        yield null;
      }
    };
  }

  /// Where mgit joined the two names of a rename, -1 if it did not: it quotes names that have a
  /// blank, so that the arrow of a real name stands in quotes.
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

  private static Facts facts(Draft draft) {
    if (draft.hash == null && draft.size < 0 && draft.mime == null && draft.charset == null
        && draft.metadata == null && draft.commit == null && draft.timestamp == null)
      return Facts.NONE;
    return new Facts(Optional.ofNullable(draft.hash),
        draft.size < 0 ? OptionalLong.empty() : OptionalLong.of(draft.size),
        Optional.ofNullable(draft.mime), Optional.ofNullable(draft.charset),
        Optional.ofNullable(draft.metadata), Optional.ofNullable(draft.commit),
        Optional.ofNullable(draft.timestamp));
  }
}
