package elysia.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// A process that looks like a node to the command line: answers `/ready` and leaves a `node.json`.
final class FakeNode {
  private FakeNode() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Path.of(args[0]);
    Files.writeString(home.resolve("starts"), "start\n", StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    FakeApi api = new FakeApi().ok("GET /ready", Map.of()).ok("GET /v1/collections", List.of());
    Path written = home.resolve("node.json.new");
    Files.writeString(written, "{\"pid\":" + ProcessHandle.current().pid() + ",\"url\":\""
        + api.url() + "\"}");
    Files.move(written, home.resolve("node.json"));
    new CountDownLatch(1).await();
  }
}
