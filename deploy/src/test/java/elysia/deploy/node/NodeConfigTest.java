package elysia.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigTest {
  @ParameterizedTest
  @ValueSource(strings = {"http://user:s3cret@host:1", "http://user:s3/cret@host:1",
      "http://user:s3c@ret@host:1"})
  void passwordInAnAddressIsNotPrinted(String url) {
    String printed = NodeConfig.print(ConfigFactory.empty().withValue("elysia.worker.weaviate.url",
        ConfigValueFactory.fromAnyRef(url)));
    assertThat(printed).contains("elysia.worker.weaviate.url = \"http://user:********@host:1\"")
        .doesNotContain("s3", "ret@");
  }
}
