package elysia.core.diagnose;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import elysia.core.wire.Wire;
import java.util.List;
import java.util.Locale;

/// One thing that was looked at.
///
/// @param name stable, for programs: lower case words joined by `_`
/// @param message what was found; never a secret
/// @param consequence what it means for the repository; empty when all is well
/// @param advice what to do next; empty when there is nothing to do
/// @param commands that do it, as they are typed
public record Check(Area area, String name, Status status, String message, String consequence,
    String advice, List<String> commands) implements Wire {
  /// The subject of a check.
  public enum Area {
    /// Reachability of the remote, and by which program.
    CONNECTIVITY,
    /// This node's permission to read it.
    AUTHENTICATION,
    /// The local copy.
    CLONE,
    /// The vector store.
    STORE,
    /// The embedder.
    EMBEDDER,
    /// Room for clones, journal and index.
    DISK,
    /// The database of decisions.
    JOURNAL,
    /// The repository's own recent errors.
    HISTORY;

    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Area of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /// The result of a check, the worst last.
  public enum Status {
    /// As it should be.
    OK,
    /// It works, or heals by itself, and a person may want to know.
    WARNING,
    /// It does not work.
    FAILED;

    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Status of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  public Check {
    commands = commands == null ? List.of() : List.copyOf(commands);
  }

  public static Check ok(Area area, String name, String message) {
    return new Check(area, name, Status.OK, message, "", "", List.of());
  }

  public static Check warning(Area area, String name, String message, String consequence,
      String advice, String... commands) {
    return new Check(area, name, Status.WARNING, message, consequence, advice, List.of(commands));
  }

  public static Check failed(Area area, String name, String message, String consequence,
      String advice, String... commands) {
    return new Check(area, name, Status.FAILED, message, consequence, advice, List.of(commands));
  }

  /// The same with other commands.
  public Check with(List<String> other) {
    return new Check(area, name, status, message, consequence, advice, other);
  }
}
