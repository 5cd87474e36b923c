package elysia.core.repository;

import elysia.core.outcome.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Drives managed repositories, wherever in the cluster they live.
///
/// Never blocks, never throws synchronously. A command answered `Ok` is durable. `Refused` codes:
/// `invalid` (400), `repository_not_found` (404), `repository_exists` (409), `conflict` (409), and
/// those of the source and the store; `Busy` is a 503.
public interface Repositories {
  /// Validates upfront (location, branch, collection, model), then manages the repository and
  /// starts its first sync.
  CompletionStage<Outcome<Added>> add(AddRepository request);

  /// What [#add] would do; writes nothing.
  CompletionStage<Outcome<Estimate>> estimate(AddRepository request);

  CompletionStage<Outcome<RepositoryStatus>> update(String name, UpdateRepository request);

  CompletionStage<Outcome<RepositoryStatus>> status(String name);

  /// By name.
  ///
  /// @param limit 1 to 10,000
  /// @param cursor from the previous page
  CompletionStage<Outcome<Page<RepositoryStatus>>> list(int limit, Optional<String> cursor);

  /// Asks for a sync; while one runs it is remembered, once.
  ///
  /// @param full list everything again instead of asking for what changed
  CompletionStage<Outcome<RepositoryStatus>> sync(String name, boolean full);

  CompletionStage<Outcome<RepositoryStatus>> pause(String name);

  CompletionStage<Outcome<RepositoryStatus>> resume(String name);

  /// Tries at once what waits for its next try, and the files that failed.
  CompletionStage<Outcome<RepositoryStatus>> retry(String name);

  /// Starts a verify; its report is in the status. It waits for a running sync to end.
  CompletionStage<Outcome<RepositoryStatus>> verify(String name, boolean deep, boolean repair);

  /// Stops managing the repository and removes its chunks from the collection.
  ///
  /// @param deleteCollection also delete the collection; refused while other repositories use it
  CompletionStage<Outcome<RepositoryStatus>> remove(String name, boolean deleteCollection);

  /// Newest last.
  ///
  /// @param cursor entries after this `seq`; the newest `limit` entries when absent
  CompletionStage<Outcome<Page<LogEntry>>> log(String name, int limit, Optional<String> cursor);

  CompletionStage<Outcome<List<FileFailure>>> failures(String name);
}
