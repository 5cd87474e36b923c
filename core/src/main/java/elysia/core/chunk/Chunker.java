package elysia.core.chunk;

import elysia.core.identity.FilePath;
import java.util.List;

/// Turns a file's bytes into chunks. A pure function; thread-safe.
///
/// Chunks together cover every non-blank line, in order, each with its exact lines; the embedded
/// text of each fits the embedder's token limit by its own tokenizer. A single line over the limit
/// is split inside the line.
public interface Chunker {
  /// What became of a file.
  sealed interface Chunking {
    /// @param language lower case name of the language, `text` when unknown
    /// @param chunks at least one
    /// @param replaced whether bytes that are no text became U+FFFD in them
    record Chunks(String language, List<Chunk> chunks, boolean replaced) implements Chunking {
      public Chunks {
        chunks = List.copyOf(chunks);
      }

      public Chunks(String language, List<Chunk> chunks) {
        this(language, chunks, false);
      }
    }

    /// @param detail for a person; may be empty
    record Skipped(SkipReason reason, String detail) implements Chunking {}
  }

  /// @param path tells the language; never part of a chunk's text
  Chunking chunk(FilePath path, byte[] content);

  /// Changes whenever the same bytes would give other chunks (rules, model, limit): a repository
  /// whose index was made by another version is listed again.
  String version();
}
