package elysia.cli.feed.upload;

import elysia.cli.feed.state.RunState;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// The launcher of runs that keep their state in a state directory, which only one of them has at
/// a time.
public record RunLauncher(Session session, UploadSettings settings) {
  /// @param job is made when the state directory is taken
  /// @param again whether its input can be read again, so that a state is worth having
  /// @param batches whether each batch is told
  /// @return the exit code
  public int run(Supplier<? extends FeedJob> job, boolean again, boolean batches) {
    MetricsFile metrics = new MetricsFile(session, settings.metricsFile());
    try (InterruptFlag stop = new InterruptFlag(session)) {
      if (settings.dryRun())
        try (FeedJob made = job.get()) {
          return new FeedRun(session, settings, made, Optional.empty(), metrics, stop, batches)
              .run();
        }
      Path folder = settings.state().folder();
      Path file = settings.state().file();
      Optional<RunState> state = settings.state().waits()
          ? RunState.await(folder, file, settings.state().oneWaits(), e -> FeedRun.warn(session, e))
          : RunState.take(folder, file, e -> FeedRun.warn(session, e));
      if (state.isEmpty() && settings.state().waits()) {
        session.console().note("another run waits already; it will see the same changes");
        return ExitCode.OK;
      }
      if (state.isEmpty() && (again || settings.state().named()))
        throw Failure.usage("another run uses the state directory " + folder,
            "wait for its end with --wait, or name another with --state-dir");
      if (state.filter(RunState::damaged).isPresent())
        session.console().error("warning: " + Text.safe(file.toString())
            + " cannot be read as a state; the run begins at its start");
      try (FeedJob made = job.get()) {
        return new FeedRun(session, settings, made, state, metrics, stop, batches).run();
      } finally {
        state.ifPresent(RunState::close);
      }
    }
  }
}
