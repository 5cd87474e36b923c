package elysia.core.batch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import elysia.core.identity.FilePath;

/// The task of a worker for one file. Tasks of a batch are done as if in order.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({@JsonSubTypes.Type(value = FileTask.Index.class, name = "i"),
    @JsonSubTypes.Type(value = FileTask.Remove.class, name = "r"),
    @JsonSubTypes.Type(value = FileTask.Move.class, name = "m")})
public sealed interface FileTask {
  FilePath path();

  /// Make the index hold exactly the chunks of this content for this path (none when it is not
  /// indexable).
  ///
  /// @param metadata JSON text of a producer; empty when none
  record Index(FilePath path, FileContent content, String metadata) implements FileTask {
    public Index(FilePath path, FileContent content) {
      this(path, content, "");
    }
  }

  /// Make the index hold nothing for this path.
  record Remove(FilePath path) implements FileTask {}

  /// Give the chunks of a path another path, vectors and all; the old path is empty afterwards,
  /// what was at the new one is replaced.
  record Move(FilePath path, FilePath to) implements FileTask {}
}
