package elysia.core.repository;

import elysia.core.chunk.SkipReason;
import elysia.core.glob.Glob;
import elysia.core.identity.FilePath;
import elysia.core.identity.Sha256;
import elysia.core.wire.Wire;
import java.util.List;
import java.util.Optional;

/// Which regular files of a tree belong in the index, by path and size. What only the content tells
/// (binary, undecodable, blank) is the chunker's to say.
///
/// Globs: `*` within a segment, `**` across, `?`, `[…]`, `{a,b}`; a glob without `/` matches the
/// file name anywhere; one that ends in `/` matches everything below that folder.
///
/// @param include a file must match one of them; empty for all
/// @param exclude a file must match none of them
/// @param maxFileSize bytes
public record IndexingRules(List<String> include, List<String> exclude,
    long maxFileSize) implements Wire {
  public static final long DEFAULT_MAX_FILE_SIZE = 1_000_000;
  /// Largest allowed maximum: a file travels to a worker in one message.
  public static final long LARGEST_MAX_FILE_SIZE = 10_000_000;

  public IndexingRules {
    include = include == null ? List.of() : List.copyOf(include);
    exclude = exclude == null ? List.of() : List.copyOf(exclude);
    if (maxFileSize < 1 || maxFileSize > LARGEST_MAX_FILE_SIZE)
      throw new IllegalArgumentException("max_file_size: " + maxFileSize + " (expected: 1 to "
          + LARGEST_MAX_FILE_SIZE + " bytes)");
    Globs.compile("include_pattern", include);
    Globs.compile("exclude_pattern", exclude);
  }

  public static IndexingRules defaults() {
    return new IndexingRules(List.of(), List.of(), DEFAULT_MAX_FILE_SIZE);
  }

  /// Compiles the globs once, for many files.
  public Matcher matcher() {
    return new Matcher(Globs.compile("include_pattern", include),
        Globs.compile("exclude_pattern", exclude), maxFileSize);
  }

  /// Changes whenever another set of files would be chosen.
  public String fingerprint() {
    return Sha256
        .hex(String.join("\0", include) + "\1" + String.join("\0", exclude) + "\1" + maxFileSize)
        .substring(0, 16);
  }

  /// The rules, ready to be asked. Thread-safe.
  public record Matcher(List<Glob> include, List<Glob> exclude, long maxFileSize) {
    /// Why a regular file is left out; empty when it is to be read.
    public Optional<SkipReason> skip(FilePath path, long size) {
      if (!path.safe())
        return Optional.of(SkipReason.UNSAFE_PATH);
      if (!include.isEmpty() || !exclude.isEmpty()) {
        String text = path.text();
        if (!include.isEmpty() && include.stream().noneMatch(glob -> glob.matches(text)))
          return Optional.of(SkipReason.PATTERN);
        if (exclude.stream().anyMatch(glob -> glob.matches(text)))
          return Optional.of(SkipReason.PATTERN);
      }
      return size > maxFileSize ? Optional.of(SkipReason.TOO_LARGE) : Optional.empty();
    }
  }
}
