package elysia.core.change;

import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.util.Optional;

/// One change of one file, as a producer told it in one line.
///
/// @param position the line
/// @param repo empty where the line has none: then `path` is as written (it may be absolute or
///          contain `..`), relative to the folder of the reader of the line, and it is for the
///          reader to find its repository
/// @param path of a rename the former path; with a repository it is [FilePath#safe()], or absolute
///          where the input has [LineFormat#OBJECTS]
/// @param newPath present exactly for a rename
/// @param content always [LineContent.Absent] for a delete
/// @param skipIndex the file is there but does not belong in the index
public record Change(LinePosition position, Optional<RepositoryName> repo, Op op, FilePath path,
    Optional<FilePath> newPath, LineContent content, ChangeMetadata metadata, boolean skipIndex) {
  public Change {
    if (newPath.isPresent() != (op == Op.RENAME))
      throw new IllegalArgumentException(
          "new_path: " + newPath + " (expected: present exactly for a rename, not " + op + ")");
  }
}
