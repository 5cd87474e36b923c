package elysia.deploy.access;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.json.Json;
import elysia.http.route.Audit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  @TempDir
  private Path folder;

  @Test
  void eachChangeIsOneLineOfJsonWhenItsAnswerGoesOut() throws Exception {
    AuditLog log = new AuditLog(folder.resolve("logs"),
        () -> Instant.parse("2026-01-01T00:00:00Z"), Runnable::run);
    log.changed(new Audit.Entry("ci", "10.0.0.1", "POST /v1/repositories/{name}/sync",
        Map.of("name", "a\nb"), 202, "")).toCompletableFuture().join();
    log.refused(new Audit.Entry("", "10.0.0.2", "GET /v1/cluster", Map.of(), 401,
        "unauthenticated"));
    Path file = folder.resolve("logs").resolve("audit.log");
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1);
    assertThat(Json.mapper().readTree(lines.getFirst())).isEqualTo(Json.mapper().readTree("""
        {"at":"2026-01-01T00:00:00Z","who":"ci","from":"10.0.0.1",
         "action":"POST /v1/repositories/{name}/sync","what":{"name":"a\\nb"},"status":202}"""));
    assertThat(Files.readString(folder.resolve("logs").resolve("refused.log")))
        .contains("\"code\":\"unauthenticated\"").doesNotContain("who");
    if (Files.getFileStore(file).supportsFileAttributeView("posix"))
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
  }

  @Test
  void fullFilesAreNumberedAndTheOldestGoes() throws Exception {
    RotatingFile file = new RotatingFile(folder.resolve("a.log"), 4, 3);
    for (int i = 0; i < 5; i++)
      file.append(("line" + i).getBytes(StandardCharsets.UTF_8));
    assertThat(Files.readString(folder.resolve("a.log"))).isEqualTo("line4");
    assertThat(Files.readString(folder.resolve("a.log.1"))).isEqualTo("line3");
    assertThat(Files.readString(folder.resolve("a.log.2"))).isEqualTo("line2");
    assertThat(folder.resolve("a.log.3")).doesNotExist();
  }
}
