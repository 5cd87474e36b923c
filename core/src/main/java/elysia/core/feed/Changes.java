package elysia.core.feed;

import elysia.core.change.Change;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Brings changes that a producer names into a collection.
///
/// Never blocks, never throws synchronously. Changes of one path keep the order in which they were
/// given, also from several producers; the others go in parallel. `Busy` means that some may be
/// done: giving all of them again, in the same order, ends the same.
public interface Changes {
  /// Whether changes can be taken now, as far as this node knows: so that a feed is refused before
  /// it is read.
  Outcome<Unit> ready();

  /// Applies changes; `Ok` when all that did not fail is durable. The collection is created with
  /// the node's model when it does not exist.
  ///
  /// @param changes each with its repository; few enough to be held in memory
  /// @param upload that they are part of; `Refused` with `upload_taken_over` when it was begun again
  ///          meanwhile, and then nothing of them is done any more
  /// @param redelivered they may have been applied before, in part or whole
  CompletionStage<Outcome<Applied>> apply(CollectionName collection, List<Change> changes,
      Optional<Upload> upload, boolean redelivered);

  /// What [#apply] would do; writes nothing.
  CompletionStage<Outcome<Applied>> estimate(CollectionName collection, List<Change> changes);

  /// Begins or resumes an upload that its client names. The attempt before can acknowledge nothing
  /// after this.
  CompletionStage<Outcome<Upload>> begin(CollectionName collection, String key);

  /// Notes that everything up to a line is done; `Refused` with `upload_taken_over` when the upload
  /// was begun again meanwhile.
  ///
  /// @param fingerprint of the body up to the end of that line, as in [Upload#fingerprint()]
  CompletionStage<Outcome<Unit>> acknowledge(CollectionName collection, Upload upload, long line,
      String fingerprint);

  /// Counts what became of changes, for the metrics: each once, when that is settled.
  void count(Applied applied);

  /// Notes for the metrics that a feed has ended.
  ///
  /// @param stopped why it ended before its input did
  void ended(Duration took, Optional<Problem> stopped);

  /// Gives every file that the collection holds of a repository to the visitor, in no order. The
  /// visitor may block.
  CompletionStage<Outcome<Unit>> files(CollectionName collection, RepositoryName repo,
      Consumer<IndexedFile> visitor);
}
