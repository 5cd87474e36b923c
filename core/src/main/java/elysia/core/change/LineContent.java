package elysia.core.change;

/// The content of a file, as its line carries it.
public sealed interface LineContent {
  /// The text itself, as UTF-8 whatever the file's own charset.
  record Inline(Bytes utf8) implements LineContent {}

  /// The file's own bytes, which came as Base64.
  record Decoded(Bytes bytes) implements LineContent {}

  /// A path at which the content can be read by who may: see `content_ref` in the specification.
  record Ref(String path) implements LineContent {}

  /// Nothing was given: the content is the file's own (or, of a rename, what it was).
  record Absent() implements LineContent {}

  /// Something was given that is not the file: a summary, a part, or what its own hash or size
  /// contradicts. The file itself is to be read where it can be; otherwise the line fails.
  ///
  /// @param reason what gives it away
  record Unusable(String reason) implements LineContent {}
}
