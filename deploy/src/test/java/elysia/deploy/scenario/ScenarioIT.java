package elysia.deploy.scenario;

import elysia.testkit.node.NodeProcess;
import java.nio.file.Path;

/// With the embedded store; with a real Weaviate when `WEAVIATE_URL` is set.
class ScenarioIT extends Scenario {
  @Override
  NodeProcess node(Path folder) {
    return NodeProcess.forScenario(folder);
  }
}
