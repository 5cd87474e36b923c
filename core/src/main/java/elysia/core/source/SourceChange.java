package elysia.core.source;

import elysia.core.chunk.SkipReason;
import elysia.core.identity.FilePath;
import java.util.Optional;

/// One difference between what was synced and what is to be synced. A pure function of
/// both commits.
public sealed interface SourceChange {
  FilePath path();

  /// The file has this content now.
  ///
  /// @param renamedFrom its former path, which does not exist any more
  /// @param blob object id, hex
  /// @param size bytes; 0 for content that a local repository lacks
  record Put(FilePath path, Optional<FilePath> renamedFrom, String blob,
      long size) implements SourceChange {}

  /// Nothing of this path belongs in the index: deleted, or no regular file any more.
  ///
  /// @param reason why it is no file to index although it is in the tree; empty when it was deleted
  record Remove(FilePath path, Optional<SkipReason> reason) implements SourceChange {}
}
