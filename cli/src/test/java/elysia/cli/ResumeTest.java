package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs of `index sync` that are killed anywhere and gone on with in batches of another size, and
/// inputs that are run again, against a map. `-Delysia.feed.seed=N` repeats those of another run.
class ResumeTest {
  private static final int INPUTS = 25;
  private static final int REPOSITORIES = 25;
  private static final int STEPS = 6;
  private static final int LARGEST_BATCH = 40;
  private static final String[] PATHS = {"a", "b", "c"};

  private final long seed = Long.getLong("elysia.feed.seed", 11);
  private final Random random = new Random(seed);
  @TempDir
  private Path folder;
  private ModelNode node;
  private Cli cli;

  @BeforeEach
  void start() throws IOException {
    folder = folder.toRealPath();
    node = new ModelNode(random);
    cli = new Cli();
    cli.variables.put("ELYSIACTL_SERVER", node.url().toString());
    cli.variables.put("ELYSIACTL_HOME", folder.resolve("home").toString());
    cli.workingDirectory = folder;
  }

  @AfterEach
  void end() {
    node.close();
  }

  private String change(String repo, String op, String path, String rest) {
    return "{\"repo\":\"" + repo + "\",\"op\":\"" + op + "\",\"path\":\"" + path + "\"" + rest
        + "}";
  }

  private String move(String repo, String from, String to) {
    return change(repo, "rename", from, ",\"new_path\":\"" + to + "\"");
  }

  private String content() {
    return ",\"content\":\"" + random.nextInt(1_000) + "\"";
  }

  /// Changes of one repository.
  private List<String> story(String repo) {
    List<String> lines = new ArrayList<>();
    while (lines.size() < STEPS) {
      String path = PATHS[random.nextInt(PATHS.length)];
      String other = PATHS[random.nextInt(PATHS.length)];
      switch (random.nextInt(7)) {
        case 0 -> lines.add(change(repo, "delete", path, ""));
        case 1 -> lines.add(change(repo, "rename", path,
            ",\"new_path\":\"" + path + other + "\"" + content()));
        case 2, 3 -> {
          if (!path.equals(other))
            lines.add(move(repo, path, other));
        }
        case 4 -> lines.addAll(List.of(move(repo, "a", "aside"), move(repo, "b", "a"),
            move(repo, "c", "b"), move(repo, "aside", "c")));
        default -> lines.add(change(repo, "add", path, content()));
      }
    }
    return lines;
  }

  /// Lines of all repositories, those of each in order.
  private List<String> input() {
    List<List<String>> left = new ArrayList<>();
    for (int i = 0; i < REPOSITORIES; i++)
      left.add(story("r" + i));
    List<String> mixed = new ArrayList<>();
    while (!left.isEmpty()) {
      List<String> next = left.get(random.nextInt(left.size()));
      mixed.add(next.removeFirst());
      if (next.isEmpty())
        left.remove(next);
    }
    return mixed;
  }

  private Cli.Result sync(Path input, Path state) {
    return cli.run("index", "sync", "--input", input.toString(), "--state-dir", state.toString(),
        "--batch-size", String.valueOf(1 + random.nextInt(LARGEST_BATCH)), "--max-retries", "0");
  }

  @Test
  void inputThatIsKilledAnywhereAndGoneOnWithInOtherBatchesEndsAsTheModelSays() throws Exception {
    for (int i = 0; i < INPUTS; i++) {
      List<String> lines = input();
      Map<String, String> before = new TreeMap<>(node.files());
      Map<String, String> expected = ModelNode.after(before, lines);
      Path state = folder.resolve("state" + i);
      Path input = Files.write(folder.resolve("input" + i + ".jsonl"), lines);
      for (int kills = random.nextInt(4); kills > 0; kills--)
        killed(input, state);
      Cli.Result last = sync(input, state);
      assertThat(last.exitCode()).as(last.err()).isIn(0, 1);
      assertThat(node.files()).as("seed " + seed + ", input " + i + ", from " + before + "\n"
          + String.join("\n", lines)).isEqualTo(expected);
      sync(input, state);
      assertThat(node.files()).as("run once more: seed " + seed + ", input " + i)
          .isEqualTo(expected);
    }
  }

  /// What a run leaves that is killed while the node works on one of its requests.
  private void killed(Path input, Path state) throws IOException {
    Path file = state.resolve("state.json");
    byte[][] left = {Files.exists(file) ? Files.readAllBytes(file) : new byte[0]};
    node.dieAt(1 + random.nextInt(12), () -> {
      left[0] = Files.readAllBytes(file);
    });
    sync(input, state);
    if (node.revived() && left[0].length > 0)
      Files.write(file, left[0]);
  }

  @Test
  void finishedInputThatMovesFilesIsNotDoneTwice() throws Exception {
    Path input = Files.writeString(folder.resolve("swap.jsonl"), String.join("\n",
        change("r", "add", "a", ",\"content\":\"1\""),
        change("r", "add", "b", ",\"content\":\"2\"")) + "\n");
    assertThat(sync(input, folder.resolve("s")).exitCode()).isZero();
    Path moves = Files.writeString(folder.resolve("moves.jsonl"),
        move("r", "a", "c") + "\n" + move("r", "b", "a") + "\n" + move("r", "c", "b") + "\n");
    assertThat(sync(moves, folder.resolve("s")).exitCode()).isZero();
    Map<String, String> swapped = Map.of("r/a", "2", "r/b", "1");
    assertThat(node.files()).isEqualTo(swapped);
    Cli.Result again = sync(moves, folder.resolve("s"));
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).contains("moves.jsonl was brought in at ", "cannot be done twice",
        "--from-line 1");
    assertThat(node.files()).isEqualTo(swapped);
    assertThat(cli.run("index", "sync", "--input", moves.toString(), "--state-dir",
        folder.resolve("s").toString(), "--from-line", "1").exitCode()).isZero();
    assertThat(node.files()).as("on purpose").isEqualTo(Map.of("r/a", "1", "r/b", "2"));
  }

  private Cli.Result untilAFailure(Path input, String... more) {
    return cli.run(Stream.concat(Stream.of("index", "sync", "--input", input.toString(),
        "--state-dir", folder.resolve("s").toString(), "--on-error", "stop"), Stream.of(more))
        .toArray(String[]::new));
  }

  @Test
  void batchThatStoppedARunIsTriedAgainAsAWhole() throws Exception {
    Path input = Files.writeString(folder.resolve("input.jsonl"), String.join("\n",
        change("r", "add", "a", ",\"content\":\"1\""), move("r", "nothing", "b"),
        change("r", "add", "c", ",\"content\":\"3\"")) + "\n");
    for (int run = 0; run < 2; run++) {
      Cli.Result result = untilAFailure(input);
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err()).contains("line 2: nothing: ");
    }
    JsonNode state = Json.mapper().readTree(folder.resolve("s/state.json").toFile());
    assertThat(state.at("/current_batch/failed_lines").asInt()).as("told once").isEqualTo(1);
    node.put("r/nothing", "2");
    assertThat(untilAFailure(input).exitCode()).isZero();
    assertThat(node.files()).isEqualTo(Map.of("r/a", "1", "r/b", "2", "r/c", "3"));
  }

  /// What was moved before the run stopped would not be there to be moved again.
  @Test
  void inputThatIsMendedBehindWhereItStoppedGoesOnThere() throws Exception {
    node.put("r/a", "old");
    Path input = folder.resolve("input.jsonl");
    String rest = change("r", "add", "x", ",\"content\":\"1\"") + "\n" + "LINE\n"
        + move("r", "b", "c") + "\n" + change("r", "add", "a", ",\"content\":\"new\"") + "\n";
    Files.writeString(input,
        move("r", "a", "b") + "\n" + rest.replace("LINE", change("r", "boo", "y", "")));
    assertThat(untilAFailure(input, "--batch-size", "2").exitCode()).isEqualTo(1);
    assertThat(node.files()).as("nothing behind the batch that failed")
        .isEqualTo(Map.of("r/c", "old", "r/x", "1"));
    Files.writeString(input, move("r", "a", "b") + "\n"
        + rest.replace("LINE", change("r", "add", "y", ",\"content\":\"2\"")));
    Cli.Result mended = untilAFailure(input, "--batch-size", "2");
    assertThat(mended.exitCode()).as(mended.err()).isZero();
    assertThat(mended.out()).contains("Resuming after line 2");
    assertThat(node.files())
        .isEqualTo(Map.of("r/c", "old", "r/x", "1", "r/y", "2", "r/a", "new"));
  }

  @Test
  void otherInputUnderTheNameOfOneThatStoppedBeginsAnew() throws Exception {
    node.put("r/c", "old");
    Path input = folder.resolve("input.jsonl");
    Files.writeString(input, change("r", "add", "a", ",\"content\":\"1\"") + "\n"
        + move("r", "nothing", "b") + "\n");
    assertThat(untilAFailure(input).exitCode()).isEqualTo(1);
    Files.writeString(input, change("r", "add", "d", ",\"content\":\"1\"") + "\n"
        + move("r", "neither", "c") + "\n");
    Cli.Result other = untilAFailure(input);
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).contains("line 2: neither: ");
    assertThat(node.files()).isEqualTo(Map.of("r/a", "1", "r/d", "1", "r/c", "old"));
  }

  @Test
  void inputThatIsMendedInItsFirstBatchGoesOn() throws Exception {
    node.put("r/a", "old");
    Path input = folder.resolve("input.jsonl");
    String text = move("r", "a", "b") + "\nLINE\n" + move("r", "b", "c") + "\n";
    Files.writeString(input, text.replace("LINE", change("r", "boo", "y", "")));
    assertThat(untilAFailure(input).exitCode()).isEqualTo(1);
    Files.writeString(input,
        text.replace("LINE", change("r", "add", "y", ",\"content\":\"2\"")));
    Cli.Result mended = untilAFailure(input);
    assertThat(mended.exitCode()).as(mended.err()).isZero();
    assertThat(node.files()).isEqualTo(Map.of("r/c", "old", "r/y", "2"));
  }

  @Test
  void markerBehindALineThatFailedIsNotTold() throws Exception {
    Path input = Files.writeString(folder.resolve("input.jsonl"),
        move("r", "nothing", "b") + "\n{\"repo\":\"r\",\"new_changeset\":{\"commit\":\"cafe\"}}\n");
    Path state = folder.resolve("s");
    assertThat(sync(input, state).exitCode()).isEqualTo(1);
    assertThat(told(state)).isEmpty();
    node.put("r/nothing", "1");
    Cli.Result again = cli.run("index", "sync", "--input", input.toString(), "--state-dir",
        state.toString(), "--from-line", "1");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(told(state)).isEqualTo("cafe");
  }

  private static String told(Path state) throws IOException {
    return Json.mapper().readTree(state.resolve("state.json").toFile())
        .at("/changesets/r/commit").asText();
  }

  @Test
  void stateThatCannotBeReadIsNamed() throws Exception {
    Path input = Files.writeString(folder.resolve("input.jsonl"),
        change("r", "add", "a", ",\"content\":\"1\"") + "\n");
    Path state = Files.createDirectory(folder.resolve("s"));
    Files.writeString(state.resolve("state.json"), "{garbage");
    Cli.Result result = sync(input, state);
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).contains("warning: ", "state.json cannot be read as a state");
    assertThat(node.files()).isEqualTo(Map.of("r/a", "1"));
  }

  @Test
  void resumedRunRemembersWhatFailedBefore() throws Exception {
    Path input = Files.writeString(folder.resolve("input.jsonl"), String.join("\n",
        move("r", "nothing", "b"), change("r", "add", "c", ",\"content\":\"3\"")) + "\n");
    String[] command = {"index", "sync", "--input", input.toString(), "--state-dir",
        folder.resolve("s").toString(), "--batch-size", "1", "--max-retries", "0"};
    node.put("r/b", "old");
    node.refuse("c");
    assertThat(cli.run(command).exitCode()).isEqualTo(3);
    node.refuse("");
    Cli.Result resumed = cli.run(command);
    assertThat(resumed.out()).contains("Errors: 1");
    assertThat(resumed.exitCode()).isEqualTo(1);
    assertThat(node.files()).isEqualTo(Map.of("r/b", "old", "r/c", "3"));
  }
}
