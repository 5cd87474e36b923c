package elysia.core.source;

import elysia.core.outcome.Outcome;
import java.util.List;
import java.util.Optional;

/// An open, lazy reading of changes, in bounded memory: first every [SourceChange.Put] in path
/// order, then every [SourceChange.Remove] in path order. Used by one thread at a time; blocks it.
/// Close it to end its processes.
public interface Changes extends AutoCloseable {
  /// The next change; empty at the end. `Busy` when the clone broke under it: open a new one.
  Outcome<Optional<SourceChange>> next();

  /// The contents of these blobs, in order. The caller bounds their sizes.
  Outcome<List<byte[]>> contents(List<SourceChange.Put> puts);

  @Override
  void close();
}
