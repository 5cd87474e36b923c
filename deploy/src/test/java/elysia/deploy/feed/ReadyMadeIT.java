package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import elysia.testkit.git.GitRepository;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies ready in `deploy/feed`, as it stands there, with real repositories and a real node.
class ReadyMadeIT {
  private static final Path FEED = Path.of("feed").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Pattern PATHS = Pattern.compile("\"path\":\"([^\"]*)\"");

  @TempDir
  private static Path home;
  private static NodeProcess node;
  @TempDir
  private Path folder;

  @BeforeAll
  static void startNode() {
    node = NodeProcess.cheap(home).start();
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  private Finished run(Path where, Map<String, String> more, String... command) {
    Map<String, String> environment = new HashMap<>(Map.of("HOME", folder.toString(),
        "ELYSIACTL_HOME", folder.resolve("elysia").toString(), "ELYSIACTL_SERVER",
        node.api().url().toString(), "GIT_CONFIG_NOSYSTEM", "1", "GIT_CONFIG_GLOBAL", "/dev/null",
        "GIT_AUTHOR_NAME", "A", "GIT_AUTHOR_EMAIL", "a@example.org", "GIT_COMMITTER_NAME", "C",
        "GIT_COMMITTER_EMAIL", "c@example.org", "PATH",
        NodeProcess.launcher().getParent() + ":" + System.getenv("PATH")));
    environment.putAll(more);
    return Finished.run(where, environment, LIMIT, new byte[0], List.of(command));
  }

  private Finished ok(Path where, Map<String, String> more, String... command) {
    Finished finished = run(where, more, command);
    assertThat(finished.exit()).as(String.join(" ", command) + "\n" + finished).isZero();
    return finished;
  }

  /// What the index holds of a repository.
  private Set<String> indexed(String collection, String repo) {
    Matcher paths = PATHS.matcher(ok(folder, Map.of(), "curl", "-s",
        node.api().url() + "/v1/collections/" + collection + "/files?repo=" + repo).text());
    return paths.results().map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void await(String collection, String repo, String... paths) {
    Await.so("index of " + repo + ": " + String.join(" ", paths), LIMIT,
        () -> indexed(collection, repo).equals(Set.of(paths)));
  }

  private static GitRepository shop(Path where) throws IOException {
    GitRepository shop = GitRepository.create(where);
    shop.write("one.py", "print(1)\n").write("src/ünï.py", "print(2)\n").commit("one");
    return shop;
  }

  @Test
  void hooksFollowClonesSwitchesPullsAndRewrites() throws Exception {
    GitRepository origin = shop(folder.resolve("origin"));
    origin.git("switch", "-q", "-c", "other");
    origin.git("rm", "-q", "one.py");
    origin.write("two.py", "print(3)\n").commit("two");
    origin.git("switch", "-q", "main");
    Path clone = folder.resolve("hooked");
    ok(folder, Map.of(), "git", "clone", "-q", "-c", "core.hooksPath=" + FEED.resolve("hooks"),
        "-c",
        "elysiactl.collection=hooks", origin.url(), clone.toString());
    await("hooks", "hooked", "one.py", "src/ünï.py");
    ok(clone, Map.of(), "git", "switch", "-q", "other");
    await("hooks", "hooked", "two.py", "src/ünï.py");
    ok(clone, Map.of(), "git", "worktree", "add", "-q", "--detach",
        folder.resolve("linked").toString(), "main");
    ok(clone, Map.of(), "git", "switch", "-q", "main");
    origin.write("three.py", "print(4)\n").commit("three");
    ok(clone, Map.of(), "git", "pull", "-q", "--no-rebase");
    await("hooks", "hooked", "one.py", "src/ünï.py", "three.py");
    Files.writeString(clone.resolve("four.py"), "print(5)\n");
    ok(clone, Map.of(), "git", "add", "four.py");
    ok(clone, Map.of(), "git", "commit", "-q", "--amend", "-m", "amended");
    await("hooks", "hooked", "one.py", "src/ünï.py", "three.py", "four.py");
    assertThat(indexed("hooks", "linked")).as("a linked work tree is left alone").isEmpty();
    // A run that is still on its way would bring the next commit, too, and to the node that
    // answers.
    Await.so("the end of the runs before", LIMIT, () -> !runs(clone));
    ok(clone, Map.of("ELYSIACTL_SERVER", "http://127.0.0.1:1"), "git", "switch", "-q", "other");
    Path log = clone.resolve(".git/elysiactl/log");
    Await.so("the end of the last run", LIMIT, () -> read(log).contains("no node answers"));
    ok(clone, Map.of("PATH", "/usr/bin:/bin"), "git", "switch", "-q", "main");
  }

  /// Whether a hook's run has not put its log in place yet.
  private static boolean runs(Path clone) {
    try (Stream<Path> files = Files.list(clone.resolve(".git/elysiactl"))) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("log."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) { // being replaced
      return "";
    }
  }

  @Test
  void cronLineIndexesWhatWasCommitted() throws Exception {
    GitRepository shop = shop(folder.resolve("src/shop"));
    String line = Files.readAllLines(FEED.resolve("crontab")).stream()
        .filter(text -> text.startsWith("*/15 * * * * ")).findFirst().orElseThrow();
    String command = line.substring("*/15 * * * * ".length());
    assertThat(command).as("cron takes it for a line end").doesNotContain("%");
    ok(folder, Map.of(), "sh", "-c", "mkdir -p .local/state/elysiactl; " + command);
    assertThat(indexed("source-code", "shop")).containsExactly("one.py", "src/ünï.py");
    shop.git("rm", "-q", "one.py");
    shop.commit("two");
    Finished second = ok(folder, Map.of(), "sh", "-c", command);
    assertThat(second.text() + second.errors()).as("no mail").isEmpty();
    assertThat(indexed("source-code", "shop")).containsExactly("src/ünï.py");
    assertThat(folder.resolve(".local/state/elysiactl/shop.prom")).content()
        .contains("elysiactl_sync_files_processed_total{operation=\"deleted\"} 1");
  }

  @Test
  void systemdUnitsAreValidAndTheirCommandsRun() throws Exception {
    Path units = Files.createDirectories(folder.resolve("units"));
    String instance = folder.resolve("shop").toString().substring(1).replace("-", "\\x2d")
        .replace('/', '-');
    for (String unit : new String[]{"sync@.service", "sync@.timer", "watch@.service"})
      Files.copy(FEED.resolve("systemd/elysiactl-" + unit),
          units.resolve("elysiactl-" + unit.replace("@", "@" + instance)));
    if (run(folder, Map.of(), "sh", "-c", "command -v systemd-analyze").exit() == 0)
      for (String unit : new String[]{"sync@" + instance + ".timer",
          "watch@" + instance + ".service"}) {
        Finished verified = ok(folder, Map.of(), "systemd-analyze", "verify", "--man=no",
            units.resolve("elysiactl-" + unit).toString());
        assertThat(verified.errors().lines().filter(text -> text.contains("elysiactl-")))
            .as(unit).isEmpty();
      }
    shop(folder.resolve("shop"));
    ok(folder, Map.of(), "sh", "-c", exec("sync@.service", folder.resolve("shop")));
    assertThat(indexed("units", "shop")).containsExactly("one.py", "src/ünï.py");

    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Files.writeString(inbox.resolve("a.jsonl"),
        "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"a\",\"content\":\"text\"}\n");
    Files.setLastModifiedTime(inbox.resolve("a.jsonl"),
        java.nio.file.attribute.FileTime.fromMillis(0));
    Finished watched = run(folder, Map.of(), "sh", "-c", "exec 2>&1; "
        + exec("watch@.service", inbox) + " & pid=$!; "
        + "until [ -e inbox/archive/a.jsonl ] || ! kill -0 $pid; do sleep 0.2; done; "
        + "kill $pid; wait $pid");
    assertThat(Files.readString(FEED.resolve("systemd/elysiactl-watch@.service")))
        .contains("SuccessExitStatus=130 " + watched.exit());
    assertThat(indexed("units", "r")).containsExactly("a");
  }

  /// The command of a unit, with what systemd would put in.
  private String exec(String unit, Path instance) throws IOException {
    Files.createDirectories(folder.resolve("metrics"));
    String command = Files.readAllLines(FEED.resolve("systemd/elysiactl-" + unit)).stream()
        .filter(line -> line.startsWith("ExecStart=")).findFirst().orElseThrow()
        .substring("ExecStart=".length());
    return "set -f; exec " + command.replace("/var/lib/elysiactl", folder.toString())
        .replace("/var/cache/elysiactl", folder.resolve("metrics").toString())
        .replace("%f", instance.toString()).replace("%i", "instance")
        .replace("${ELYSIACTL_COLLECTION}", "units");
  }

  @Test
  void ciJobsIndexWhatAPushChanged() throws Exception {
    GitRepository shop = shop(folder.resolve("ci"));
    String before = shop.head();
    shop.git("mv", "one.py", "eins.py");
    shop.commit("two");
    String zero = "0".repeat(40);
    for (String[] job : new String[][]{{"github-actions.yml", "run: |", "BEFORE"},
        {"gitlab-ci.yml", "- |", "CI_COMMIT_BEFORE_SHA"}}) {
      String script = block(Files.readString(FEED.resolve(job[0])), job[1])
          .replace("source-code", job[2]);
      shop.git("checkout", "-q", before);
      ok(shop.folder(), Map.of(job[2], zero), "bash", "-e", "-c", script);
      assertThat(indexed(job[2], "ci")).containsExactly("one.py", "src/ünï.py");
      shop.git("checkout", "-q", "main");
      ok(shop.folder(), Map.of(job[2], before), "bash", "-e", "-c", script);
      assertThat(indexed(job[2], "ci")).containsExactly("eins.py", "src/ünï.py");
    }
  }

  /// A YAML block scalar's text.
  private static String block(String yaml, String key) {
    List<String> lines = yaml.lines().dropWhile(line -> !line.endsWith(key)).skip(1).toList();
    String indent = lines.getFirst().replaceFirst("\\S.*", "");
    return lines.stream().takeWhile(line -> line.startsWith(indent))
        .map(line -> line.substring(indent.length())).collect(Collectors.joining("\n"));
  }

  @Test
  void mgitPipelineIndexesWhatPullsBring() throws Exception {
    GitRepository origin = shop(folder.resolve("origin"));
    Path clones = Files.createDirectories(folder.resolve("clones"));
    ok(clones, Map.of(), "git", "clone", "-q", origin.url(), "web");
    String mgit = System.getenv("ELYSIACTL_MGIT");
    if (mgit == null || mgit.isEmpty())
      mgit = standIn().toString();
    String[] command = {FEED.resolve("mgit-pipeline").toString(), "clones", "pulled"};
    ok(folder, Map.of("ELYSIACTL_MGIT", mgit), command);
    assertThat(indexed("pulled", "web")).containsExactly("one.py", "src/ünï.py");
    origin.git("rm", "-q", "one.py");
    origin.commit("two");
    Finished second = ok(folder, Map.of("ELYSIACTL_MGIT", mgit), command);
    assertThat(second.text()).contains("[DELETE] one.py", "Processing 1 changes...");
    assertThat(indexed("pulled", "web")).containsExactly("src/ünï.py");
  }

  /// Pulls and answers in the shape of mgit's JSON.
  private Path standIn() throws IOException {
    Path script = Files.writeString(folder.resolve("mgit"),
        """
            #!/bin/sh
            case $1 in
              sync) for clone in "$2"/*; do git -C "$clone" pull -q; done ;;
              status) printf '[\\n  {\\n    "path": "%s",\\n    "is_clean": true,\\n    "error": null\\n  }\\n]\\n' "$2"/* ;;
            esac
            """);
    assumeTrue(script.toFile().setExecutable(true));
    return script;
  }

  @Test
  void killedWatchersFileIsFinishedByTheNext() throws Exception {
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    for (String name : new String[]{"a", "b"}) {
      Path file = Files.writeString(inbox.resolve(name + ".jsonl"),
          "{\"repo\":\"k\",\"op\":\"add\",\"path\":\"" + name + "\",\"content\":\"text\"}\n");
      Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
    }
    run(folder, Map.of("ELYSIACTL_SERVER", "http://127.0.0.1:1"), "sh", "-c",
        "elysiactl index watch inbox --collection killed & pid=$!; "
            + "until [ -e inbox/processing/killed/state.json ]; do sleep 0.2; done; "
            + "kill -9 $pid; wait $pid");
    assertThat(inbox.resolve("processing/killed/file/a.jsonl")).exists();
    ok(folder, Map.of(), "sh", "-c", "elysiactl index watch inbox --collection killed --once & "
        + "elysiactl index watch inbox --collection killed --once; wait; "
        + "elysiactl index watch inbox --collection killed --once");
    assertThat(inbox.resolve("archive/a.jsonl")).exists();
    assertThat(inbox.resolve("archive/b.jsonl")).exists();
    assertThat(indexed("killed", "k")).containsExactly("a", "b");
  }
}
