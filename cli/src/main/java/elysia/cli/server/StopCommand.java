package elysia.cli.server;

import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `elysiactl server stop`.
@Command(name = "stop", description = "End the node of the home folder; running syncs go on at the next start")
public final class StopCommand implements Callable<Integer> {
  private final Session session;

  public StopCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Optional<Long> pid = session.homeNode().stop();
    session.output().one(pid.<Map<String, Object>>map(p -> Map.of("stopped", true, "pid", p))
        .orElse(Map.of("stopped", false)),
        () -> session.console().note(
            pid.map(p -> "Stopped the node with pid " + p)
                .orElse("No node runs in " + session.home())));
    return ExitCode.OK;
  }
}
