package elysia.core.diagnose;

import elysia.core.outcome.Outcome;
import java.util.concurrent.CompletionStage;

/// Looks for what is wrong with a repository, on the node where it lives: by asking the remote, the
/// store, the embedder, the disk and the journal there and then. Changes nothing.
///
/// Never blocks, never throws synchronously. It answers also when parts of the node do not: what is
/// broken is what it is for.
public interface Diagnoses {
  /// @param accessOnly only whether the remote can be reached and read
  /// @return `Refused` with `repository_not_found` when there is none of this name
  CompletionStage<Outcome<Diagnosis>> diagnose(String name, boolean accessOnly);
}
