package elysia.cli.feed.content;

import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.nio.file.Path;
import java.util.Map;

/// Where the files are that lines refer to.
public interface ContentSource {
  /// The content that a `content_ref` names.
  ///
  /// @throws UnsendableLine it may not be read or is not as the line says; with
  ///           [UnsendableLine#MISSING] the file is known to be gone
  byte[] read(RepositoryName repo, FilePath path, String ref) throws UnsendableLine;

  /// Whether a file that the index holds is no longer in its repository; false when in doubt.
  boolean gone(RepositoryName repo, Path root, FilePath path);

  /// The repositories whose part of the index is to be compared with their folder where missing
  /// files are to be deleted.
  ///
  /// @param met folders of all repositories that lines named
  Map<RepositoryName, Path> compared(Map<RepositoryName, Path> met);
}
