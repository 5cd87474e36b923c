package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starting and stopping a node that is a real process.
class HomeNodeIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private @TempDir Path folder;

  private Cli cli() {
    Cli cli = new Cli();
    cli.variables.put("ELYSIACTL_HOME", home().toString());
    cli.realPause = Duration.ofMillis(50);
    return cli;
  }

  private Path home() {
    return folder.resolve("new/home");
  }

  private Path launcher(String body) throws IOException {
    Path script = folder.resolve("elysiactl");
    Files.writeString(script, "#!/bin/sh\necho \"asked: $*\"\n" + body + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private Path fakeNode() throws IOException {
    return launcher("exec '" + JAVA + "' -cp '" + System.getProperty("java.class.path")
        + "' elysia.cli.FakeNode \"$ELYSIACTL_HOME\"");
  }

  @AfterEach
  void stop() {
    cli().run("server", "stop");
  }

  @Test
  void commandWithoutANodeStartsOneThatLaterCommandsUse() throws IOException {
    Cli cli = cli();
    cli.launcher = Optional.of(fakeNode());
    Cli.Result first = cli.run("col", "list");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err()).contains("Starting a node in " + home(), "Node ready at http://");
    assertThat(cli.run("col", "list").err()).doesNotContain("Starting");
    assertThat(cli.run("server", "start").err()).contains("runs already");
    assertThat(Files.readAllLines(home().resolve("starts"))).hasSize(1);
    assertThat(Files.readString(home().resolve("logs/node.out")))
        .contains("asked: server start --foreground --idle-exit 15m");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home())))
        .isEqualTo("rwx------");
    assertThat(cli.run("server", "stop").err()).contains("Stopped the node with pid");
    assertThat(cli.run("server", "stop").err()).contains("No node runs");
    assertThat(cli.run("server", "status").exitCode()).isEqualTo(3);
  }

  @Test
  void commandsAtOnceStartOneNode() throws Exception {
    Path launcher = fakeNode();
    try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
      Callable<Cli.Result> command = () -> {
        Cli cli = cli();
        cli.launcher = Optional.of(launcher);
        return cli.run("col", "list");
      };
      for (Future<Cli.Result> future : pool.invokeAll(List.of(command, command, command)))
        assertThat(future.get().exitCode()).as(future.get().err()).isZero();
    }
    assertThat(Files.readAllLines(home().resolve("starts"))).hasSize(1);
  }

  @Test
  void nodeThatDiesShowsItsLastLines() throws IOException {
    Cli cli = cli();
    cli.launcher = Optional.of(launcher("echo 'port 3030 is taken'; exit 7"));
    Cli.Result result = cli.run("repo", "list");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("exit code 7", "| port 3030 is taken", "node.out");
  }

  @Test
  void processThatTookOverADeadNodesPidIsLeftAlone() throws IOException {
    Files.createDirectories(home());
    Path file = home().resolve("node.json");
    Files.writeString(file, "{\"pid\":" + ProcessHandle.current().pid()
        + ",\"url\":\"http://127.0.0.1:1\"}");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    Cli.Result result = cli().run("server", "stop");
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).contains("No node runs");
  }

  @Test
  void namedServerNeverStartsANode() throws IOException {
    Cli cli = cli();
    cli.launcher = Optional.of(fakeNode());
    assertThat(cli.run("col", "list", "--server", "http://127.0.0.1:1").exitCode()).isEqualTo(3);
    assertThat(home().resolve("starts")).doesNotExist();
  }

  @Test
  void optionsOfForegroundStartReachTheScript() throws IOException {
    Cli cli = cli();
    Path seen = folder.resolve("seen");
    cli.launcher = Optional.of(launcher("echo \"$* $ELYSIACTL_HOME\" > '" + seen + "'; exit 5"));
    cli.workingDirectory = folder;
    assertThat(cli.run("server", "start", "--config", "my.conf", "--print-config").exitCode())
        .isEqualTo(5);
    assertThat(Files.readString(seen)).isEqualTo("server start --foreground --config "
        + folder.resolve("my.conf") + " --print-config " + home() + "\n");
  }
}
