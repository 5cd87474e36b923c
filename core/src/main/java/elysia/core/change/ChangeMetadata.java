package elysia.core.change;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A producer's statements about a file beside its content.
///
/// @param contentHash SHA-256 of the file, 64 lower case hexadecimal digits; content in the same
///          line agrees with it (or is [LineContent.Unusable]), content from elsewhere is still to
///          be compared
/// @param size of the file, bytes; likewise
/// @param mime media type, as given
/// @param charset of the file's bytes, as given: any text
/// @param custom the JSON object of the field `metadata` as written, at most 64 KiB
/// @param commit that the file is from, as given
/// @param timestamp of the change
public record ChangeMetadata(Optional<String> contentHash, OptionalLong size, Optional<String> mime,
    Optional<String> charset, Optional<String> custom, Optional<String> commit,
    Optional<Instant> timestamp) {
  /// No statement at all.
  public static final ChangeMetadata NONE = new ChangeMetadata(Optional.empty(),
      OptionalLong.empty(),
      Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
