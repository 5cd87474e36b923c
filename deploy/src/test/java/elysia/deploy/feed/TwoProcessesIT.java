package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes of the command line at once on one state directory, one input, one collection,
/// one inbox.
class TwoProcessesIT {
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int FILES = 8;
  private static final int TERMINATED = 143;

  /// A process and where its output goes.
  private record Running(Process process, Path output) {
    String told() throws IOException {
      return Files.readString(output);
    }

    int ended() throws IOException, InterruptedException {
      assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).as(told()).isTrue();
      return process.exitValue();
    }
  }

  @TempDir
  private static Path home;
  private static NodeProcess node;
  @TempDir
  private Path folder;
  private final List<Running> started = new ArrayList<>();

  @BeforeAll
  static void startNode() {
    node = NodeProcess.cheap(home).start();
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @AfterEach
  void end() {
    started.forEach(running -> running.process().destroyForcibly());
  }

  private Running index(String... arguments) throws IOException {
    Path output = folder.resolve("output" + started.size());
    ProcessBuilder builder = new ProcessBuilder(Stream.concat(
        Stream.of(NodeProcess.launcher().toString(), "--server", node.api().url().toString(),
            "index"),
        Stream.of(arguments)).toList()).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("ELYSIACTL_HOME", node.home().toString());
    builder.environment().remove("ELYSIACTL_TOKEN");
    Running running = new Running(builder.start(), output);
    started.add(running);
    return running;
  }

  private Running sync(Path input, String state, String... more) throws IOException {
    return index(Stream.concat(Stream.of("sync", "--input", input.toString(), "--state-dir",
        folder.resolve(state).toString(), "--collection", "Input", "--batch-size", "20"),
        Stream.of(more)).toArray(String[]::new));
  }

  /// Lines that come to the same whenever all of them are done, once or twice.
  private Path input(Map<String, String> expected) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String path = "f" + i % 60;
      switch (i % 5) {
        case 0 -> lines.add(line("delete", path, ""));
        case 1 -> lines.add(line("rename", path,
            ",\"new_path\":\"to/" + path + "\",\"content\":\"moved " + i + "\""));
        default -> lines.add(line("modify", path, ",\"content\":\"text " + i + "\""));
      }
      expected.remove(path);
      if (i % 5 == 1)
        expected.put("to/" + path, "moved " + i);
      else if (i % 5 > 1)
        expected.put(path, "text " + i);
    }
    return Files.write(folder.resolve("changes.jsonl"), lines);
  }

  private static String line(String op, String path, String rest) {
    return "{\"repo\":\"two\",\"op\":\"" + op + "\",\"path\":\"" + path + "\"" + rest + "}";
  }

  private static Map<String, String> indexed(String collection)
      throws IOException, InterruptedException {
    return IndexedFiles.of(node.api().url(), collection, "two");
  }

  private JsonNode state(String state) {
    try {
      return Json.mapper().readTree(folder.resolve(state).resolve("state.json").toFile());
    } catch (IOException e) { // not yet
      return Json.mapper().createObjectNode();
    }
  }

  @Test
  void secondOnAStateDirectoryIsToldSoAndOneThatWaitsFollows() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    Path input = input(expected);
    node.signal("STOP"); // so the first is in the middle of its work
    Running first;
    Running second;
    Running third;
    try {
      first = sync(input, "one");
      Await.so("the first runs", LONGEST,
          () -> state("one").path("status").asText().equals("running"));
      second = sync(input, "one");
      assertThat(second.ended()).as(second.told()).isEqualTo(2);
      assertThat(second.told()).contains("error: another run uses the state directory "
          + folder.resolve("one"), "wait for its end with --wait, or name another");
      third = sync(input, "one", "--wait");
    } finally {
      node.signal("CONT");
    }
    assertThat(first.ended()).as(first.told()).isZero();
    assertThat(third.ended()).as(third.told()).isZero();
    assertThat(indexed("Input")).isEqualTo(IndexedFiles.hashes(expected));
    assertThat(state("one").path("status").asText()).isEqualTo("done");
    assertThat(state("one").at("/current_batch/processed_lines").asInt()).isEqualTo(300);
  }

  @Test
  void twoOfOneInputAtOnceEndWithTheRightIndexAndWholeStates() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    Path input = input(expected);
    List<Running> all = List.of(sync(input, "one"), sync(input, "two"), sync(input, "two"));
    for (Running one : all.subList(0, 2))
      assertThat(one.ended()).as(one.told()).isIn(0, 2);
    assertThat(List.of(all.get(1).ended(), all.get(2).ended())).as(all.get(2).told()).contains(0);
    assertThat(all.getFirst().ended()).as(all.getFirst().told()).isZero();
    assertThat(indexed("Input")).isEqualTo(IndexedFiles.hashes(expected));
    for (String state : List.of("one", "two"))
      assertThat(state(state).at("/current_batch/processed_lines").asInt()).as(state)
          .isEqualTo(300);
  }

  @Test
  void watchersOfOneFolderTakeEachFileOnceAndInOrderAlsoWhenOneIsKilled() throws Exception {
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < FILES; i++) {
      String text = "as of file " + i;
      Files.writeString(inbox.resolve(String.format("%02d.jsonl", i)),
          line("modify", "same", ",\"content\":\"" + text + "\"") + "\n"
              + line("add", "f" + i, ",\"content\":\"" + text + "\"") + "\n"
              + line("rename", "f" + i, ",\"new_path\":\"to" + i + "\"") + "\n");
      expected.put("same", text);
      expected.put("to" + i, text);
    }
    String[] watch = {"watch", inbox.toString(), "--collection", "Inbox", "--quiet-for", "0.1"};
    Running one = index(watch);
    Running other = index(watch);
    Path archive = inbox.resolve("archive");
    Await.so("some files are done", LONGEST, () -> count(archive) >= FILES / 4);
    one.process().destroyForcibly();
    Await.so("all files are done", LONGEST, () -> count(archive) == FILES);
    other.process().destroy();
    assertThat(other.ended()).as(other.told()).isEqualTo(TERMINATED);
    assertThat(indexed("Inbox")).isEqualTo(IndexedFiles.hashes(expected));
    assertThat(Pattern.compile("Taking ").matcher(one.told() + other.told()).results().count())
        .as("only the file of the one that was killed may be taken up again")
        .isBetween((long) FILES, FILES + 1L);
    assertThat(inbox.resolve("failed")).doesNotExist();
  }

  private static int count(Path archive) {
    String[] names = archive.toFile().list((_, name) -> name.endsWith(".jsonl"));
    return names == null ? 0 : names.length;
  }
}
