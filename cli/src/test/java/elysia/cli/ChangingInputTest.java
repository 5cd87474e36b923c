package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Files that somebody writes to, cuts or replaces while they are read, and hostile ones in
/// an inbox.
class ChangingInputTest extends IndexFixture {
  private Path inbox;

  @BeforeEach
  void makeInbox() throws IOException {
    inbox = Files.createDirectories(folder.resolve("inbox"));
    api.raw(CHANGES, 200, TYPE, OK);
  }

  private static String line(String path) {
    return "{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"" + path + "\"}\n";
  }

  /// More than is read ahead.
  private static String many() {
    return IntStream.range(0, 5_000).mapToObj(n -> line("p" + n + "x".repeat(300)))
        .collect(Collectors.joining());
  }

  private Path put(String name, String lines) throws IOException {
    Path file = Files.writeString(inbox.resolve(name), lines);
    return Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
  }

  private static void cut(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 10);
    }
  }

  private Cli.Result watch() {
    return cli.run("index", "watch", inbox.toString(), "--collection", "code", "--once");
  }

  private Cli.Result sync(Path file) {
    return cli.run("index", "sync", "--collection", "code", "--input", file.toString());
  }

  private List<String> sent() {
    return api.requests.stream().flatMap(request -> request.lines())
        .map(line -> line.replaceAll(".*\"path\":\"|\".*", "")).toList();
  }

  private JsonNode errors() throws IOException {
    try (Stream<Path> files = Files.list(inbox.resolve("failed"))) {
      return Json.mapper().readTree(files.filter(file -> file.toString().endsWith(".json"))
          .findFirst().orElseThrow().toFile());
    }
  }

  @Test
  void whatIsAddedToAFileWhileItIsTakenIsTakenToo() throws IOException {
    String second = line("b");
    put("a.jsonl", line("a") + second.substring(0, 20));
    Path taken = inbox.resolve("processing/code/file/a.jsonl");
    api.meanwhile = () -> Files.writeString(taken, second.substring(20) + line("c"),
        StandardOpenOption.APPEND);
    Cli.Result result = watch();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactly("a", "b", "c");
    assertThat(inbox.resolve("archive/a.jsonl")).hasContent(line("a") + second + line("c"));
    assertThat(result.err()).contains("a.jsonl has grown meanwhile");
  }

  @Test
  void fileThatIsCutWhileItIsTakenFails() throws IOException {
    put("a.jsonl", many());
    put("b.jsonl", line("b"));
    Path taken = inbox.resolve("processing/code/file/a.jsonl");
    api.meanwhile = () -> cut(taken);
    Cli.Result result = watch();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(inbox.resolve("failed/a.jsonl")).exists();
    assertThat(errors().path("error").asText()).contains("it was changed while it was read");
    assertThat(inbox.resolve("archive/b.jsonl")).exists();
  }

  @Test
  void inputThatIsCutWhileItIsReadIsNoSuccess() throws IOException {
    Path file = put("a.jsonl", many());
    api.meanwhile = () -> cut(file);
    Cli.Result result = sync(file);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("it was changed while it was read; run the same command");
    assertThat(cli.run("index", "sync", "--status").out()).contains("stopped");
    assertThat(sync(file).exitCode()).as("the last line is cut").isEqualTo(1);
  }

  @Test
  void inputIsReadAsItWasWhenItWasGiven() throws IOException {
    Path file = put("a.jsonl", line("a") + line("b"));
    api.meanwhile = () -> Files.writeString(file, line("c"), StandardOpenOption.APPEND);
    assertThat(sync(file).exitCode()).isZero();
    assertThat(sent()).containsExactly("a", "b");
    assertThat(sync(file).exitCode()).isZero();
    assertThat(sent()).containsExactly("a", "b", "a", "b", "c");
  }

  @Test
  void nameThatIsNoTextIsAName() throws Exception {
    put("a.jsonl", line("a"));
    assertThat(new ProcessBuilder("sh", "-c", "mv a.jsonl \"$(printf 'a\\377\\376.jsonl')\"")
        .directory(inbox.toFile()).start().waitFor()).isZero();
    Cli.Result result = watch();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactly("a");
    assertThat(inbox.resolve("archive")).isDirectoryContaining("glob:**a*.jsonl");
  }

  @Test
  void reportOfAFailedFileHasItsNameByteByByte() throws Exception {
    put("a.jsonl", line("../x"));
    assertThat(new ProcessBuilder("sh", "-c", """
        cp -p a.jsonl "$(printf 'a\\377.jsonl')" && mv a.jsonl "$(printf 'a\\376.jsonl')"
        mkdir failed && touch "failed/$(printf 'a\\377.jsonl')"
        """).directory(inbox.toFile()).start().waitFor()).isZero();
    Cli.Result result = watch();
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    Process list = new ProcessBuilder("sh", "-c", "LC_ALL=C ls -A").directory(
        inbox.resolve("failed").toFile()).start();
    assertThat(
        new String(list.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).lines())
        .containsExactlyInAnyOrder(".lock", "a\376.jsonl", "a\376.jsonl.error.json", "a\377.jsonl",
            "a\377.jsonl.2", "a\377.jsonl.2.error.json");
  }

  @Test
  void longNamesAreCutBetweenCharacters() throws IOException {
    String name = "ä".repeat(124) + ".jsonl";
    put(name, line("../x"));
    Cli.Result result = watch();
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(inbox.resolve("failed").resolve(name)).exists();
    assertThat(inbox.resolve("failed").resolve("ä".repeat(122) + ".error.json")).exists();
  }

  @Test
  void fileOfAnInboxIsNeverReadThroughALink() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), line("secret"));
    Path place = Files.createDirectories(inbox.resolve("processing/code/file"));
    Files.createSymbolicLink(place.resolve("a.jsonl"), secret);
    assertThat(watch().exitCode()).isEqualTo(1);
    assertThat(api.requests).isEmpty();
    assertThat(inbox.resolve("failed/a.jsonl")).isSymbolicLink();
    assertThat(errors().path("error").asText()).contains("no regular file");
  }
}
