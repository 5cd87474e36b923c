package elysia.deploy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that users have in their scripts, as they are written there, with the distribution
/// and a real node, which the first of them starts.
class SeedUsageIT {
  private static final Path BIN = Path.of("target", "elysiactl", "bin").toAbsolutePath();
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private record Result(int code, String out) {}

  @TempDir
  private Path folder;
  private Path shop;
  private int port;

  @BeforeEach
  void makeRepository() throws Exception {
    port = Ports.free(1).getFirst();
    shop = Files.createDirectories(folder.resolve("shop"));
    run("""
        git init -q . && git config user.email a@example.org && git config user.name a
        echo 'print(1)' > file1.py && echo 'print(2)' > file2.py && echo 'print(3)' > gone.py
        git add . && git commit -qm one
        echo 'print(11)' > file1.py && git rm -q gone.py && git commit -qam two
        """);
  }

  @AfterEach
  void stopNode() throws Exception {
    run("elysiactl server stop");
  }

  private Result run(String script) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).directory(shop.toFile())
        .redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().merge("PATH", BIN.toString(), (old, bin) -> bin + ":" + old);
    builder.environment().put("ELYSIACTL_HOME", folder.resolve("home").toString());
    builder.environment().put("ELYSIACTL_HTTP_PORT", String.valueOf(port));
    builder.environment().put("ELYSIACTL_EMBEDDER", "constant");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LONGEST)).as(script + Files.readString(output)).isTrue();
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly();
    }
  }

  private String ok(String script) throws IOException, InterruptedException {
    Result result = run(script);
    assertThat(result.code()).as(script + "\n" + result.out()).isZero();
    return result.out();
  }

  @Test
  void everyCommandWorksAsWritten() throws Exception {
    String dry = ok("echo -e \"file1.py\\nfile2.py\" | elysiactl index sync --stdin --dry-run");
    assertThat(dry).contains("[UPDATE] file1.py", "Would embed 2 of 2 chunks");
    assertThat(ok("elysiactl col list -o json")).as("a dry run makes no collection")
        .doesNotContain("SRC_ENTERPRISE__");
    assertThat(ok("git diff --name-only HEAD~1 | elysiactl index sync --stdin"))
        .contains("Syncing to collection: SRC_ENTERPRISE__", "Processing 2 changes...",
            "[UPDATE] file1.py (0.0kb)",
            "[SKIP]   gone.py (deleted; --delete-missing removes it from the index)",
            "Updated: 1", "Errors: 0");
    assertThat(ok("find . | elysiactl index sync --stdin"))
        .contains("[UPDATE] file2.py", "Updated: 2", "Errors: 0");
    assertThat(ok("elysiactl index sync --stdin <&- 2>&1")).as("standard input is closed")
        .contains("Processing 0 changes...");

    Files.writeString(shop.resolve("changes.jsonl"), """
        {"repo":"shop","op":"delete","path":"file2.py"}
        {"repo":"shop","op":"rename","path":"file1.py","new_path":"src/file1.py"}
        {"repo":"shop","op":"add","path":"README.md","content":"hello\\n"}
        """);
    assertThat(ok("elysiactl index sync --input changes.jsonl --state-dir D --batch-size 100"
        + " --on-error continue")).contains("Processing 3 changes...", "Deleted: 1", "Added: 1",
            "[PROCESSED] Line 1-3: 3 success, 0 failed");
    assertThat(ok("curl -s 'http://127.0.0.1:" + port
        + "/v1/collections/SRC_ENTERPRISE__/files?repo=shop'")).contains("src/file1.py",
            "README.md")
        .doesNotContain("file2.py", "\"file1.py");
    assertThat(ok("cat changes.jsonl | elysiactl index sync --stdin --collection source-code"
        + " --on-error continue || test $? = 1")).contains("file1.py", "Added: 1");
    assertThat(ok("elysiactl index sync --status --state-dir D"))
        .contains("\"status\":\"done\"", "\"processed\":3");
    assertThat(ok("elysiactl index sync --status")).as("of the last run without --state-dir")
        .contains("\"status\":\"done\"", "\"next_resume_position\":0");

    assertThat(run("""
        mkdir inbox
        echo '{"repo":"shop","op":"add","path":"early.py","content":"early"}' > inbox/1.jsonl
        echo '{"repo":"shop","op":"add","path":"late.py","content":"late"}' > inbox/2.jsonl
        elysiactl index watch inbox --pattern "*.jsonl" --collection source-code &
        until [ -e inbox/archive/2.jsonl ]; do sleep 0.2; done
        kill -TERM $! && wait $!""").code()).as("ended by the signal").isEqualTo(143);
    assertThat(ok("find inbox -type f -name '*.jsonl' | sort")).isEqualTo("""
        inbox/archive/1.jsonl
        inbox/archive/2.jsonl
        """);
    assertThat(ok("curl -s 'http://127.0.0.1:" + port
        + "/v1/collections/source-code/files?repo=shop'")).contains("early.py", "late.py");
    assertThat(run("elysiactl index validate changes.jsonl").code()).isZero();

    assertThat(ok("""
        for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
          printf '{"repo":"shop","op":"add","path":"large%d","content":"' $i
          head -c 16000000 /dev/zero | tr '\\0' x
          printf '"}\\n{"repo":"shop","op":"add","path":"small%d","content":"%d"}\\n' $i $i
        done | ELYSIACTL_JAVA_OPTS=-Xmx128m elysiactl index sync --stdin"""))
        .as("lines that are larger than the heap together").contains("[SKIP]   large12",
            "Added: 12", "Skipped: 12", "Errors: 0");
  }
}
