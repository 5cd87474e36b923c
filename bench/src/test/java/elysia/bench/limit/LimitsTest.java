package elysia.bench.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.testkit.git.GitRepository;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.onnx.OnnxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
  private static final String CLASS = """
      class Greeting {
        String hello(String name) {
          return "hello " + name;
        }
      }
      """;

  @TempDir
  Path folder;

  @Test
  void modelAloneRunsOnTheChunksOfARepository() {
    Map<String, String> texts = Chunks.texts(repository(),
        new OnnxEmbedder(OnnxSettings.from(ConfigFactory.load())), ConfigFactory.load());
    assertThat(texts.values()).hasSize(1).first().asString().contains("hello");
    try (BareModel model = new BareModel()) {
      assertThat(model.cost(List.copyOf(texts.values())).seconds()).isPositive();
    }
  }

  @Test
  void luceneAloneIndexesTheChunksOfARepository() throws Exception {
    Path index = Files.createDirectory(folder.resolve("index"));
    assertThat(BareLucene.documentsPerSecond(index, repository(), ConfigFactory.load(), 20))
        .isPositive();
  }

  private GitRepository repository() {
    GitRepository repository = GitRepository.create(folder.resolve("repository"));
    repository.write("Greeting.java", CLASS);
    repository.commit("first");
    return repository;
  }
}
