package elysia.cli.index;

import elysia.cli.output.Text;
import elysia.cli.session.ExitCode;
import elysia.cli.session.Failure;
import elysia.cli.session.Session;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// Runs of `index sync` and `index process-jsonl`, which keep their state in a state directory that
/// only one of them has at a time.
record Runs(Session session, FeedOptions options) {
  /// @param job
  ///          is made when the state directory is taken
  /// @param again
  ///          whether its input can be read again, so that a state is worth having
  /// @param batches
  ///          whether each batch is told
  /// @return the exit code
  int run(Supplier<? extends Job> job, boolean again, boolean batches) {
    Metrics metrics = new Metrics(session, options.metricsFile);
    try (Stop stop = new Stop(session)) {
      if (options.dryRun)
        try (Job made = job.get()) {
          return new Run(session, options, made, Optional.empty(), metrics, stop, batches).run();
        }
      Path folder = options.stateDir(session);
      Path file = options.stateFile(session);
      Optional<RunState> state = options.wait
          ? RunState.await(folder, file, options.detects, e -> Run.warn(session, e))
          : RunState.take(folder, file, e -> Run.warn(session, e));
      if (state.isEmpty() && options.wait) {
        session.console().note("another run waits already; it will see the same changes");
        return ExitCode.OK;
      }
      if (state.isEmpty() && (again || options.stateDir != null))
        throw Failure.usage("another run uses the state directory " + folder,
            "wait for its end with --wait, or name another with --state-dir");
      if (state.filter(RunState::damaged).isPresent())
        session.console().error("warning: " + Text.safe(file.toString())
            + " cannot be read as a state; the run begins anew");
      try (Job made = job.get()) {
        return new Run(session, options, made, state, metrics, stop, batches).run();
      } finally {
        state.ifPresent(RunState::close);
      }
    }
  }
}
