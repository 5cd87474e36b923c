package elysia.git.repository;

import elysia.git.process.Exit;
import java.util.Optional;

/// References that `git for-each-ref` has listed.
public final class Refs {
  /// Git's format that this class reads.
  public static final String FORMAT = "--format=%(objectname) %(refname)";

  private Refs() {}

  /// The object that a reference names; empty when it is not there.
  public static Optional<String> commit(Exit exit, String ref) {
    return exit instanceof Exit.Finished finished && finished.ok()
        ? finished.output().lines().filter(line -> line.endsWith(" " + ref))
            .map(line -> line.substring(0, line.indexOf(' '))).findFirst()
        : Optional.empty();
  }
}
