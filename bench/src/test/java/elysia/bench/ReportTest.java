package elysia.bench;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
  private final Report report = new Report(
      new PrintStream(progress, true, StandardCharsets.UTF_8));

  @Test
  void figureStandsBesideItsLimitAndItsGoal() {
    report.add(Figure.of("first-index", "repo add", 96, "chunks/s").beside("model alone", 100)
        .atLeastOfLimit(0.95));
    report.add(Figure.of("renames", "50 files renamed", 1.5, "s").atMost(1));

    assertThat(report.table("1.0")).contains(
        "| first-index | repo add | 96 chunks/s | 100 chunks/s (model alone) | 0.960 | >= 0.950 of the limit | reached |",
        "| renames | 50 files renamed | 1.50 s |  |  | <= 1 | NOT reached |");
    assertThat(progress.toString(StandardCharsets.UTF_8)).contains("NOT reached");
  }

  @Test
  void jsonHasMachineFiguresAndFailures() throws Exception {
    report.add(Figure.of("store", "chunks", 3_100, "chunks/s").atLeast(3_000));
    report.failed("weaviate", "not there");

    var json = Json.mapper().readTree(report.json("1.0"));
    assertThat(json.at("/machine/version").asText()).isEqualTo("1.0");
    assertThat(json.at("/figures/0/goal/reached").asBoolean()).isTrue();
    assertThat(json.at("/failures/weaviate").asText()).isEqualTo("not there");
    assertThat(report.good()).isFalse();
  }
}
