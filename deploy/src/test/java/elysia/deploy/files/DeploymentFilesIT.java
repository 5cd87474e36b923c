package elysia.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import elysia.testkit.node.NodeProcess;
import elysia.testkit.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command lines of image and unit, started.
class DeploymentFilesIT {
  private static final String INSTALLED = "/opt/elysiactl";

  @TempDir
  Path folder;

  @Test
  void nodeRunsOnTheReducedJavaOfTheImage() throws IOException {
    Path java = folder.resolve("java");
    List<String> jlink = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "jlink").toString()));
    for (String word : jlinkOf(Files.readString(Path.of("container/Dockerfile"))))
      jlink.add(word.equals("/opt/java") ? java.toString() : word);
    Finished linked = Finished.run(folder, Map.of(), Duration.ofMinutes(5), new byte[0], jlink);
    assertThat(linked.exit()).as(linked::toString).isZero();

    Map<String, String> environment = Map.of("JAVA_HOME", java.toString(),
        "ELYSIACTL_EMBEDDER", "constant");
    try (NodeProcess node = new NodeProcess(folder.resolve("node"), environment).start()) {
      Path source = Files.createDirectory(folder.resolve("source"));
      Finished made = Finished.run(source, Map.of(), Duration.ofMinutes(1), new byte[0],
          List.of("sh", "-ec",
              "git init -q . && printf '\\217\\254\\202\\242\\215\\222\\202\\242\\n' >sjis.txt && echo text >a.txt && git add . "
                  + "&& git -c user.name=t -c user.email=t@localhost commit -q -m first"));
      assertThat(made.exit()).as(made::toString).isZero();
      node.ok("repo", "add", source.toString(), "--name", "source");
      node.ok("repo", "verify", "source", "--deep");
    }
  }

  private static List<String> jlinkOf(String dockerfile) {
    Matcher command = Pattern.compile("(?m)^RUN jlink ((?:.*\\\\\\n)*.*)$").matcher(dockerfile);
    assertThat(command.find()).isTrue();
    return List.of(command.group(1).replace("\\\n", "").trim().split("\\s+"));
  }

  @Test
  void unitIsAcceptedBySystemd() throws IOException {
    Path unit = Files.writeString(folder.resolve("elysiactl.service"),
        Files.readString(Path.of("systemd/elysiactl.service")).replace(INSTALLED,
            NodeProcess.launcher().resolveSibling("..").normalize().toString()));
    Tool.named("systemd-analyze").accepts(List.of("verify", "--man=no", unit.toString()));
  }

  @Test
  void commandOfTheUnitStartsANodeThatEndsAsTheUnitExpects() throws IOException {
    String unit = Files.readString(Path.of("systemd/elysiactl.service"));
    assertThat(unit).contains(
        "ExecStart=" + INSTALLED + "/bin/elysiactl server start --foreground\n");
    try (NodeProcess node = NodeProcess.cheap(folder).start()) {
      assertThat(node.stop()).isIn(0, 143);
    }
  }
}
