package elysia.git.repository;

import elysia.git.process.Exit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// References that `git for-each-ref` has listed, one character per byte.
public final class Refs {
  /// Git's format that this class reads.
  public static final String FORMAT = "--format=%(objectname) %(refname)";

  private Refs() {}

  /// Names and the objects that they name; none when the run failed.
  public static Map<String, String> all(Exit exit) {
    Map<String, String> refs = new TreeMap<>();
    if (exit instanceof Exit.Finished finished && finished.ok())
      for (String line : finished.output().split("\n", -1)) {
        int space = line.indexOf(' ');
        if (space > 0)
          refs.put(line.substring(space + 1), line.substring(0, space));
      }
    return refs;
  }

  /// The object that a reference names; empty when it is not there.
  public static Optional<String> object(Exit exit, RefName ref) {
    return Optional.ofNullable(all(exit).get(ref.bytes()));
  }
}
