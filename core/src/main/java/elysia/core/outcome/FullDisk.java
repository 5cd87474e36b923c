package elysia.core.outcome;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells a full disk from other failures to write. Neither Java nor Git has a code for it: what the
/// system says is in their messages.
public final class FullDisk {
  private static final List<String> WORDS = List.of("No space left on device",
      "Disk quota exceeded", "There is not enough space on the disk");

  private FullDisk() {}

  /// Whether a message of the system says so.
  public static boolean said(@Nullable String message) {
    return message != null && WORDS.stream().anyMatch(message::contains);
  }

  /// Whether an exception, or one of its causes, says so.
  public static boolean caused(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause())
      if (said(e.getMessage()))
        return true;
    return false;
  }
}
