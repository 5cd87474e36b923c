package elysia.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentFilesTest {
  private static final Pattern METRIC = Pattern.compile("\\b(elysiactl|jvm|process)_[a-z_0-9]+");
  private static final Pattern VARIABLE = Pattern
      .compile("\\b(ELYSIACTL_[A-Z_]+|WEAVIATE_URL|WEAVIATE_GRPC_URL|WEAVIATE_API_KEY)\\b");

  @ParameterizedTest
  @ValueSource(strings = {"monitoring/alerts.yml", "monitoring/dashboard.json"})
  void everyMetricThatIsAskedForIsOneThatNodesGive(String file) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "metrics.md")).replace("jvm_threads_*",
        "");
    TreeSet<String> unknown = new TreeSet<>();
    Matcher asked = METRIC.matcher(Files.readString(Path.of(file)));
    while (asked.find()) {
      String name = asked.group().replaceFirst("_(bucket|sum|count)$", "");
      if (!page.contains("`" + name + "`"))
        unknown.add(name);
    }
    assertThat(unknown).as("not in docs/metrics.md").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose/compose.yaml", "kubernetes/statefulset.yaml",
      "kubernetes/README.md", "systemd/elysiactl.service", "container/Dockerfile"})
  void everyVariableThatIsSetIsOneThatNodesRead(String file) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "configuration.md"));
    TreeSet<String> unknown = new TreeSet<>();
    Matcher set = VARIABLE.matcher(Files.readString(Path.of(file)));
    while (set.find())
      if (!page.contains("`" + set.group().replaceFirst("_FILE$", "") + "`"))
        unknown.add(set.group());
    assertThat(unknown).as("not in docs/configuration.md").isEmpty();
  }

  @Test
  void panelsOfTheDashboardDoNotOverlapAndEachAsksForSomething() throws IOException {
    JsonNode dashboard = Json.mapper().readTree(Path.of("monitoring/dashboard.json").toFile());
    boolean[][] taken = new boolean[200][24];
    for (JsonNode panel : dashboard.path("panels")) {
      JsonNode place = panel.path("gridPos");
      for (int y = 0; y < place.path("h").asInt(); y++)
        for (int x = 0; x < place.path("w").asInt(); x++) {
          boolean[] row = taken[place.path("y").asInt() + y];
          assertThat(row[place.path("x").asInt() + x]).as(panel.path("title").asText()).isFalse();
          row[place.path("x").asInt() + x] = true;
        }
      assertThat(panel.path("targets").findValuesAsText("expr")).isNotEmpty()
          .allSatisfy(query -> assertThat(query).isNotBlank());
    }
  }

  @Test
  void alertRulesFireWhenTheyShouldAndOnlyThen() {
    Tool.named("promtool").in("monitoring").accepts(List.of("check", "rules", "alerts.yml"));
    Tool.named("promtool").in("monitoring").accepts(List.of("test", "rules", "alerts-test.yml"));
  }

  @Test
  void kubernetesFilesAreOneApplication() {
    String rendered = Tool.named("kubectl").in("kubernetes").accepts(List.of("kustomize", "."));
    assertThat(rendered).contains("kind: StatefulSet", "kind: PodDisruptionBudget",
        "kind: NetworkPolicy", "kind: Service").doesNotContain("podSelector: {}");
  }
}
