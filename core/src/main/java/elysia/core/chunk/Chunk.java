package elysia.core.chunk;

import elysia.core.identity.Sha256;

/// A piece of one file.
///
/// @param index position in the file, from 0
/// @param startLine first line, 1-based
/// @param endLine last line, inclusive
/// @param content the file's own text of these lines, separated by LF, no line end after the last
/// @param context the heading or signature that encloses the piece, embedded before it; empty when
///          there is none. Never the path: a rename must not change what is embedded.
public record Chunk(int index, int startLine, int endLine, String content, String context) {
  public Chunk {
    if (index < 0 || startLine < 1 || endLine < startLine)
      throw new IllegalArgumentException("chunk: " + index + " lines " + startLine + ".." + endLine
          + " (expected: index >= 0, 1 <= start <= end)");
  }

  /// Exactly the text that is embedded.
  public String embeddedText() {
    return context.isEmpty() ? content : context + "\n" + content;
  }

  /// SHA-256 of [#content()].
  public String contentHash() {
    return Sha256.hex(content);
  }

  /// SHA-256 of [#embeddedText()]: what reuse of vectors looks up.
  public String vectorHash() {
    return Sha256.hex(embeddedText());
  }
}
