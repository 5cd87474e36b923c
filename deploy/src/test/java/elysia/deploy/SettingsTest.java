package elysia.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import elysia.coordinator.diagnose.DiagnoseSettings;
import elysia.coordinator.dispatch.Dispatcher;
import elysia.coordinator.git.GitSettings;
import elysia.coordinator.mgit.MgitSettings;
import elysia.coordinator.repository.RepositoryRuntime;
import elysia.core.change.ChangeSettings;
import elysia.http.server.HttpSettings;
import elysia.worker.cache.VectorCacheSettings;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.lucene.LuceneSettings;
import elysia.worker.onnx.OnnxSettings;
import elysia.worker.openai.OpenAiSettings;
import elysia.worker.weaviate.WeaviateSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SettingsTest {
  private static final Config REFERENCE = ConfigFactory.defaultReference();
  private static final Config COORDINATOR = REFERENCE.getConfig("elysia.coordinator");

  private record Component(String name, Runnable build) {}

  @TestFactory
  Stream<DynamicTest> defaultsAloneBuildEveryComponentsSettings() {
    return Stream
        .of(new Component("change", () -> ChangeSettings.from(REFERENCE)),
            new Component("git", () -> GitSettings.from(REFERENCE)),
            new Component("mgit", () -> MgitSettings.from(REFERENCE)),
            new Component("diagnose", () -> DiagnoseSettings.from(REFERENCE)),
            new Component("dispatch",
                () -> Dispatcher.Settings.from(COORDINATOR.getConfig("dispatch"))),
            new Component("repository",
                () -> RepositoryRuntime.Settings.from(COORDINATOR.getConfig("repository"))),
            new Component("http", () -> HttpSettings.from(REFERENCE)),
            new Component("vector cache", () -> VectorCacheSettings.from(REFERENCE)),
            new Component("chunk", () -> ChunkSettings.from(REFERENCE)),
            new Component("lucene", () -> LuceneSettings.from(REFERENCE)),
            new Component("onnx", () -> OnnxSettings.from(REFERENCE)),
            new Component("openai", () -> OpenAiSettings.from(REFERENCE)),
            new Component("weaviate", () -> WeaviateSettings.from(REFERENCE)))
        .map(component -> DynamicTest.dynamicTest(component.name(),
            () -> assertThatCode(component.build()::run).doesNotThrowAnyException()));
  }

  @Test
  void everyKeyAndVariableIsDocumented() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "configuration.md"));
    TreeSet<String> missing = new TreeSet<>();
    Config node = ConfigFactory.parseResources("application.conf").withFallback(REFERENCE)
        .withFallback(ConfigFactory.systemProperties()).resolve();
    for (String key : node.getConfig("elysia").entrySet().stream().map(e -> "elysia." + e.getKey())
        .toList())
      if (!page.contains("`" + key + "`"))
        missing.add(key);
    Matcher variable = Pattern.compile("\\$\\{\\?([A-Z_]+)}").matcher(resource("environment.conf"));
    while (variable.find())
      if (!page.contains("`" + variable.group(1) + "`"))
        missing.add(variable.group(1));
    assertThat(missing).as("not in docs/configuration.md").isEmpty();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects
        .requireNonNull(SettingsTest.class.getClassLoader().getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
