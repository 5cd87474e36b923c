package elysia.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests of `elysiactl index` stand on: a node's API made of answers, and a home of its own.
abstract class IndexFixture {
  /// Where changes of the collection `code` go.
  static final String CHANGES = "POST /v1/collections/code/changes";
  static final String TYPE = "application/x-ndjson";
  /// One line was taken.
  static final String OK = "{\"acknowledged\":1}\n{\"updated\":1,\"seconds\":0.1}\n";

  final FakeApi api = new FakeApi();
  final Cli cli = new Cli(api);
  /// Its real path.
  @TempDir
  Path folder;

  @BeforeEach
  void makeHome() throws IOException {
    folder = folder.toRealPath();
    cli.workingDirectory = folder;
    cli.variables.put("ELYSIACTL_HOME", folder.resolve("home").toString());
  }

  @AfterEach
  void close() {
    api.close();
  }
}
