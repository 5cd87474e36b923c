package elysia.worker.pipeline;

/// Ends the work on a batch early, with what became of it.
final class AttemptEnd extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Processed processed;

  AttemptEnd(Processed processed) {
    super(null, null, false, false);
    this.processed = processed;
  }

  Processed processed() {
    return processed;
  }
}
