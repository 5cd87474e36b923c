package elysia.git.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandsIT {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir
  Path folder = Path.of("");
  private final Commands commands = new Commands();

  @AfterEach
  void close() {
    commands.close();
  }

  private Command shell(Duration deadline, String script) {
    return new Command(List.of("sh", "-c", script), folder,
        Map.of("PATH", "/usr/bin:/bin", "ONLY", "this"), deadline);
  }

  private Exit.Finished finished(String script) {
    return (Exit.Finished) commands.run(shell(LONG, script));
  }

  @Test
  void statusOutputAndErrorsAreTold() {
    assertThat(finished("echo out; echo err >&2; exit 3"))
        .isEqualTo(new Exit.Finished(3, "out\n", "err\n"));
  }

  @Test
  void environmentIsWhatWasSetAndNothingElse() {
    assertThat(finished("env").output().lines().map(line -> line.substring(0, line.indexOf('='))))
        .contains("ONLY", "PATH").doesNotContain("HOME", "JAVA_HOME", "USER");
  }

  @Test
  void stdinIsClosedOrFed() {
    assertThat(finished("cat").output()).isEmpty();
    assertThat(commands.run(shell(LONG, "cat"), "fed")).isEqualTo(new Exit.Finished(0, "fed", ""));
    assertThat(commands.run(shell(LONG, "exit 4"), "x".repeat(1_000_000)))
        .isEqualTo(new Exit.Finished(4, "", ""));
  }

  @Test
  void argumentsReachTheProgramAsTheyAre() {
    Command command = new Command(List.of("printf", "%s|", "$(id)", "a b", "*", "ü"), folder,
        Map.of("PATH", "/usr/bin:/bin"), LONG);
    assertThat(commands.run(command)).isEqualTo(new Exit.Finished(0, "$(id)|a b|*|ü|", ""));
  }

  @Test
  void longErrorsKeepTheirHeadAndTail() {
    String errors = finished("echo first >&2; yes middle | head -c 300000 >&2; echo last >&2")
        .errors();
    assertThat(errors).startsWith("first\n").endsWith("last\n").hasSizeLessThan(40_000);
  }

  @Test
  void longOutputIsReadAndCut() {
    assertThat(finished("yes | head -c 5000000").output()).hasSizeLessThan(1_100_000);
  }

  @Test
  void missingProgramIsNotFound() {
    assertThat(commands.run(new Command(List.of("no-such-program"), folder, Map.of(), LONG)))
        .isInstanceOf(Exit.NotFound.class);
  }

  @Test
  void folderThatIsGoneIsNoMissingProgram() {
    Command command = new Command(List.of("true"), folder.resolve("gone"), Map.of(), LONG);
    assertThat(commands.run(command))
        .isEqualTo(new Exit.Finished(128, "", "the folder " + folder.resolve("gone") + " is gone"));
  }

  @Test
  void deadlineEndsTheProgramAndAllItsChildren() throws Exception {
    Exit exit = commands.run(shell(SHORT,
        "(sleep 300 & echo $! >> pids; sleep 300 & echo $! >> pids; wait) & echo $! >> pids;"
            + " (trap '' TERM; sleep 300) & echo $! >> pids; wait"));
    assertThat(exit).isInstanceOf(Exit.TimedOut.class);
    awaitGone();
  }

  @Test
  void orphanThatHoldsTheOutputIsEndedAtTheDeadline() throws Exception {
    // it ends while it is read from: Java takes a pipe for ended when its process was gone before
    Exit exit = commands
        .run(shell(SHORT.multipliedBy(5), "sleep 300 & echo $! > pids; sleep 1; exit 0"));
    assertThat(exit).isInstanceOf(Exit.TimedOut.class);
    awaitGone();
  }

  @Test
  void programThatASignalEndedSaysNothing() {
    assertThat(commands.run(shell(LONG, "echo half; kill -KILL $$")))
        .isEqualTo(new Exit.Interrupted("sh was ended by signal 9"));
  }

  @Test
  void closingEndsWhatStillRuns() throws Exception {
    Running running = commands
        .open(shell(LONG, "sleep 300 & echo $! > pids; echo ready; wait"));
    int first = running.exchange((out, _) -> out.read());
    assertThat(first).isEqualTo('r');
    commands.close();
    awaitGone();
  }

  @Test
  void conversationHasADeadlinePerExchange() throws Exception {
    try (Running running = commands.open(shell(SHORT,
        "while read line; do [ $line = hang ] && sleep 300; echo \"got $line\"; done"))) {
      assertThat(ask(running, "a")).isEqualTo("got a");
      assertThat(ask(running, "b")).isEqualTo("got b");
      assertThatThrownBy(() -> ask(running, "hang")).isInstanceOf(Running.DeadlineException.class);
    }
  }

  private static String ask(Running running, String question) throws IOException {
    return running.exchange((out, in) -> {
      in.write((question + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      StringBuilder answer = new StringBuilder();
      for (int c = out.read(); c > 0 && c != '\n'; c = out.read())
        answer.append((char) c);
      return answer.toString();
    });
  }

  private void awaitGone() throws Exception {
    for (String pid : Files.readAllLines(folder.resolve("pids"))) {
      Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(pid.strip()));
      if (child.isPresent())
        child.get().onExit().get(20, TimeUnit.SECONDS);
    }
  }
}
