package elysia.cli.repository;

import elysia.cli.output.Table;
import elysia.cli.output.Text;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.SyncCounts;
import java.util.List;
import java.util.Optional;

/// The result of a line of a batch: a line of the command's data.
///
/// @param result `added`, `exists`, `synced`, `up_to_date`, `paused` or `failed`
record BatchResult(int line, String location, Optional<String> name, String result,
    Optional<SyncCounts> counts, Optional<String> error) {

  /// @param ended how its sync ended, if that was waited for
  static BatchResult of(AddBatchCommand.BatchAdded line, Optional<SyncWatch.Ended> ended) {
    Optional<RepositoryStatus> status = ended.map(SyncWatch.Ended::status);
    String result = line.failure().isPresent() ? "failed" : ended.map(e -> switch (e.end()) {
      case COMPLETED -> "synced";
      case UP_TO_DATE -> "up_to_date";
      case PAUSED -> "paused";
      case FAILED, RUNNING -> "failed";
    }).orElse(line.added().filter(added -> !added.created()).isPresent() ? "exists" : "added");
    Optional<String> error = line.failure().map(Failure::text)
        .or(() -> result.equals("failed")
            ? status
                .map(s -> s.trouble().map(RepositoryStatus.LastError::message).orElse(s.detail()))
            : Optional.empty())
        .or(() -> status.filter(s -> s.failures() > 0).map(s -> s.failures()
            + " files failed; see elysiactl repo status " + s.name()));
    return new BatchResult(line.line(), line.location(),
        line.added().map(added -> added.status().name()), result,
        status.flatMap(RepositoryStatus::lastResult).map(RepositoryStatus.LastSync::counts), error);
  }

  boolean ok() {
    return error.isEmpty() && !result.equals("failed");
  }

  static void print(Session session, List<BatchResult> results) {
    if (!session.output().table()) {
      session.output().many(results.iterator());
      return;
    }
    Table table = new Table("line", "name", "result", "files", "chunks", "error");
    for (BatchResult result : results)
      table.row(String.valueOf(result.line()), result.name().orElse(result.location()),
          result.result(),
          result.counts().map(c -> Text.number(c.filesIndexed())).orElse("-"),
          result.counts().map(c -> Text.number(c.chunksWritten())).orElse("-"),
          result.error().orElse(""));
    table.print(session.console());
  }
}
