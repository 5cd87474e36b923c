package elysia.worker.chunk;

import elysia.core.chunk.SkipReason;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A file's bytes as text, or why not.
sealed interface Decoding {
  /// @param text without byte order mark, lines separated by LF
  /// @param replaced whether bytes that are no text became U+FFFD
  record Text(String text, boolean replaced) implements Decoding {}

  record Not(SkipReason reason, String detail) implements Decoding {}

  /// Where Git looks for a NUL byte.
  int BINARY_PROBE = 8_000;
  /// Most bytes of a pointer to a file in Git LFS.
  int LARGEST_POINTER = 1_024;

  /// By the byte order mark where there is one, then UTF-8, then what the bytes look like. A file
  /// that is UTF-8 but for a few bytes is text with these replaced.
  static Decoding of(byte[] bytes) {
    Optional<String> marked = ByteOrderMark.decoded(bytes);
    if (marked.isPresent())
      return text(marked.get(), false);
    for (int i = 0; i < Math.min(bytes.length, BINARY_PROBE); i++)
      if (bytes[i] == 0)
        return new Not(SkipReason.BINARY, "");
    Optional<String> utf8 = Charsets.strict(bytes, StandardCharsets.UTF_8);
    if (utf8.isPresent())
      return isPointer(bytes.length, utf8.get())
          ? new Not(SkipReason.LFS_POINTER, "its content is in Git LFS")
          : text(utf8.get(), false);
    Utf8Damage damage = Utf8Damage.of(bytes);
    if (damage.rather())
      return text(damage.text(), true);
    Optional<Charset> charset = Charsets.guess(bytes);
    Optional<String> guessed = charset.flatMap(guess -> Charsets.strict(bytes, guess));
    if (guessed.isPresent())
      return text(guessed.get(), false);
    return damage.slight()
        ? text(damage.text(), true)
        : new Not(SkipReason.UNDECODABLE,
            charset.map(guess -> "not valid " + guess.name()).orElse("no known charset"));
  }

  private static Decoding text(String decoded, boolean replaced) {
    String text = decoded.startsWith("\ufeff") ? decoded.substring(1) : decoded;
    return text.isBlank()
        ? new Not(SkipReason.BLANK, "")
        : new Text(text.replace("\r\n", "\n"), replaced);
  }

  /// Source: the specification of pointers at
  /// <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>.
  private static boolean isPointer(int size, String text) {
    return size < LARGEST_POINTER && text.startsWith("version https://git-lfs.github.com/spec/")
        && text.contains("\noid sha256:") && text.contains("\nsize ");
  }
}
