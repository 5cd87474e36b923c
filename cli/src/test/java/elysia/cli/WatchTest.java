package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `elysiactl index watch`.
class WatchTest extends IndexFixture {
  private Path inbox;

  @BeforeEach
  void makeInbox() throws IOException {
    inbox = Files.createDirectories(folder.resolve("inbox"));
  }

  private Path put(String name, String path) throws IOException {
    Path file = Files.writeString(inbox.resolve(name),
        "{\"repo\":\"r\",\"op\":\"delete\",\"path\":\"" + path + "\"}\n");
    return Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
  }

  private Cli.Result watch(String... more) {
    return cli.run(Stream.concat(
        Stream.of("index", "watch", inbox.toString(), "--collection", "code", "--once"),
        Stream.of(more)).toArray(String[]::new));
  }

  private List<String> sent() {
    return api.requests.stream().map(request -> request.replaceAll("(?s).*\"path\":\"|\".*", ""))
        .toList();
  }

  @Test
  void filesAreTakenByNameAndPutAway() throws IOException {
    api.raw(CHANGES, 200, TYPE, OK);
    put("b.jsonl", "b");
    put("a.jsonl", "a");
    put("c\u001b[31m.jsonl", "c");
    put("other.txt", "t");
    put(".hidden.jsonl", "h");
    Files.createSymbolicLink(inbox.resolve("l.jsonl"), inbox.resolve("other.txt"));
    Cli.Result result = watch();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(sent()).containsExactly("a", "b", "c");
    assertThat(result.err()).contains("l.jsonl: not a regular file", "Taking c\\u001b[31m.jsonl");
    assertThat(inbox.resolve("archive/a.jsonl")).isRegularFile();
    assertThat(inbox.resolve("archive/c\u001b[31m.jsonl")).isRegularFile();
    assertThat(inbox.resolve("l.jsonl")).isSymbolicLink();
    assertThat(inbox.resolve("other.txt")).exists();
    put("a.jsonl", "a");
    assertThat(watch().exitCode()).isZero();
    assertThat(inbox.resolve("archive/a.jsonl.2")).as("nothing is written over").exists();
    assertThat(sent()).as("the same content again is work again").hasSize(4);
  }

  @Test
  void fileThatIsBeingWrittenHoldsUpThoseBehindIt() throws IOException {
    api.raw(CHANGES, 200, TYPE, OK);
    Files.setLastModifiedTime(put("a.jsonl", "a"), FileTime.from(Cli.NOW.plusSeconds(60)));
    put("b.jsonl", "b");
    assertThat(watch().exitCode()).isZero();
    assertThat(sent()).isEmpty();
    assertThat(watch("--quiet-for", "0").exitCode()).isZero();
    assertThat(sent()).containsExactly("a", "b");
  }

  @Test
  void failedFileLiesBesideItsErrors() throws IOException {
    api.raw(CHANGES, 200, TYPE, "{\"line\":1,\"path\":\"p\",\"error\":{\"code\":\"no\","
        + "\"message\":\"not this one\"}}\n" + OK).raw(CHANGES, 200, TYPE, OK);
    String name = "a".repeat(245) + ".jsonl";
    put(name, "p");
    put("b.jsonl", "q");
    Files.writeString(put("b.jsonl", "q"), "nonsense {\n", StandardOpenOption.APPEND);
    Files.setLastModifiedTime(inbox.resolve("b.jsonl"), FileTime.from(Instant.EPOCH));
    Cli.Result result = watch();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(inbox.resolve("failed").resolve(name)).exists();
    assertThat(inbox.resolve("failed/b.jsonl")).as("its second line is no object").exists();
    List<Path> errors;
    try (Stream<Path> files = Files.list(inbox.resolve("failed"))) {
      errors = files.filter(file -> file.toString().endsWith(".error.json")).sorted().toList();
    }
    JsonNode json = Json.mapper().readTree(errors.getFirst().toFile());
    assertThat(json.path("failures").path(0).path("error").asText()).isEqualTo("not this one");
    assertThat(json.path("file").asText()).isEqualTo(name);
  }

  @Test
  void halfDoneFileGoesOnFirstAndWithoutANodeNothingIsLost() throws IOException {
    put("b.jsonl", "b");
    api.raw(CHANGES, 503, "application/problem+json",
        "{\"status\":503,\"detail\":\"not now\",\"code\":\"busy\"}");
    Cli.Result result = watch("--max-retries", "0");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("b.jsonl waits: not now");
    assertThat(inbox.resolve("processing/code/file/b.jsonl")).exists();
    put("a.jsonl", "a");
    try (FakeApi healthy = new FakeApi().raw(CHANGES, 200, TYPE, OK)) {
      cli.variables.put("ELYSIACTL_SERVER", healthy.url().toString());
      assertThat(watch().exitCode()).isZero();
      assertThat(String.join("", healthy.requests)).matches("(?s).*\"b\".*\"a\".*");
    }
    assertThat(inbox.resolve("archive/b.jsonl")).exists();
    assertThat(inbox.resolve("processing/code/file")).isEmptyDirectory();
  }

  @Test
  void watcherLeavesTheFilesToTheOneThatWorks() throws IOException {
    put("a.jsonl", "a");
    Path work = Files.createDirectories(inbox.resolve("processing/code"));
    try (FileChannel other = FileChannel.open(work.resolve("lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE)) {
      assertThat(other.lock().isValid()).isTrue();
      assertThat(watch().exitCode()).isZero();
      assertThat(inbox.resolve("a.jsonl")).exists();
    }
    api.raw(CHANGES, 200, TYPE, OK);
    assertThat(watch().exitCode()).isZero();
    assertThat(sent()).containsExactly("a");
  }

  @Test
  void fullDiskLosesNoFile() throws IOException {
    api.raw(CHANGES, 200, TYPE, OK);
    put("a.jsonl", "a");
    Path work = Files.createDirectories(inbox.resolve("processing/code"));
    Files.createSymbolicLink(work.resolve("state.json.next"), Path.of("/dev/full"));
    Cli.Result result = watch();
    assertThat(result.err()).contains("warning: the state cannot be written");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(inbox.resolve("archive/a.jsonl")).exists();
  }
}
