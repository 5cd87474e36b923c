package elysia.core.change;

/// How a line carries the content of its file.
public sealed interface Content {
  /// The text itself, as UTF-8 whatever the file's own charset.
  record Inline(Bytes utf8) implements Content {}

  /// The file's own bytes, which came as Base64.
  record Decoded(Bytes bytes) implements Content {}

  /// A path at which the content can be read by who may: see `content_ref` in the specification.
  record Ref(String path) implements Content {}

  /// Nothing was given: the content is the file's own (or, of a rename, what it was).
  record Absent() implements Content {}

  /// Something was given that is not the file: a summary, a part, or what its own hash or size
  /// contradicts. The file itself is to be read where it can be; otherwise the line fails.
  ///
  /// @param reason
  ///          what gives it away
  record Unusable(String reason) implements Content {}
}
