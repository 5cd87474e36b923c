package elysia.core.chunk;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Why a file is not in the index although nothing failed; a label of metrics and a key of
/// the status.
public enum SkipReason {
  /// Larger than the maximum file size.
  TOO_LARGE,
  /// A NUL byte in the first 8,000 bytes: Git's own rule. Not of UTF-16 and UTF-32 with a byte
  /// order mark, which are text.
  BINARY,
  /// In no charset that can be told and decoded.
  UNDECODABLE,
  /// A pointer of Git LFS: the content is elsewhere.
  LFS_POINTER,
  /// Empty, or nothing but white space.
  BLANK,
  /// Not matched by an include pattern, or matched by an exclude pattern.
  PATTERN,
  /// A symbolic link or a submodule.
  NOT_A_FILE,
  /// A path that is absolute or has an empty, `.`, `..` or `.git` segment: nobody's honest file.
  UNSAFE_PATH;

  /// `too_large`, `binary`, …
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static SkipReason of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
