package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import elysia.core.diagnose.Check;
import elysia.core.diagnose.Check.Area;
import elysia.core.diagnose.Check.Status;
import elysia.core.source.SourceSpec;
import elysia.testkit.git.TestRepository;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class InspectionIT extends GitFixture {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private List<Check> inspect(String location) {
    return source.inspect(TestRepository.spec(location), true);
  }

  private static Check one(List<Check> checks, Area area, String name) {
    return checks.stream().filter(c -> c.area() == area && c.name().equals(name)).findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"401,AUTHENTICATION,access", "403,AUTHENTICATION,access", "404,AUTHENTICATION,access",
      "500,CONNECTIVITY,remote"})
  void whatARemoteAnswersDecidesWhatIsToldAndWhatToDo(int status, Area area, String name)
      throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext("/", exchange -> {
      try (exchange) {
        exchange.sendResponseHeaders(status, -1);
      }
    });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x.git";
      assertThat(one(inspect(url), area, name))
          .returns(Status.FAILED, Check::status)
          .satisfies(c -> assertThat(c.message()).contains(String.valueOf(status)))
          .satisfies(c -> assertThat(c.consequence()).isNotEmpty())
          .satisfies(c -> assertThat(c.commands()).anyMatch(
              command -> command.contains("git ls-remote " + url)));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void silentAndClosedPortsAndUnknownHostsAreConnectivity() throws Exception {
    source = sourceWithDeadline(Duration.ofMillis(500));
    int closed;
    try (ServerSocket silent = new ServerSocket(0, 5, LOOPBACK)) {
      closed = silent.getLocalPort();
      assertThat(one(inspect("http://127.0.0.1:" + closed + "/x.git"), Area.CONNECTIVITY,
          "remote").status()).isEqualTo(Status.FAILED);
    }
    assertThat(one(inspect("http://127.0.0.1:" + closed + "/x.git"), Area.CONNECTIVITY, "remote")
        .message()).contains("no connection to 127.0.0.1:" + closed);
    assertThat(one(inspect("ssh://git@no-such-host.invalid/x.git"), Area.CONNECTIVITY, "remote")
        .message()).contains("no-such-host.invalid is not known");
  }

  @Test
  void cloneIsLookedThroughAndDamageIsTold() throws Exception {
    TestRepository remote = TestRepository.create(folder.resolve("remote"));
    remote.publish(Map.of("a.txt", "a"));
    SourceSpec spec = TestRepository.spec("file://" + folder.resolve("remote"));
    source.pull(spec).orElseThrow();
    assertThat(source.inspect(spec, true)).extracting(Check::status).containsOnly(Status.OK);
    Path objects = clones.resolve(spec.name().value()).resolve(".git/objects");
    try (var files = Files.walk(objects)) {
      for (Path file : files.filter(Files::isRegularFile).toList())
        Files.delete(file);
    }
    assertThat(one(source.inspect(spec, true), Area.CLONE, "clone"))
        .returns(Status.WARNING, Check::status)
        .satisfies(c -> assertThat(c.message()).contains("damaged"));
  }

  @Test
  void branchThatIsGoneIsTold() {
    TestRepository remote = TestRepository.create(folder.resolve("remote"));
    remote.publish(Map.of("a.txt", "a"));
    SourceSpec spec = onBranch(TestRepository.spec("file://" + folder.resolve("remote")), "gone");
    assertThat(one(source.inspect(spec, true), Area.CONNECTIVITY, "branch"))
        .returns(Status.FAILED, Check::status)
        .satisfies(c -> assertThat(c.commands()).anyMatch(x -> x.contains("--branch")));
  }

  @Test
  void folderThatIsNoRepositoryIsTold() {
    assertThat(one(inspect(folder.toString()), Area.CLONE, "repository").status())
        .isEqualTo(Status.FAILED);
  }

  @Test
  void wordsForTheShellAreQuoted() {
    assertThat(Credentials.quoted("https://h/a.git")).isEqualTo("https://h/a.git");
    assertThat(Credentials.quoted("https://h/a b'c$(x)")).isEqualTo("'https://h/a b'\\''c$(x)'");
  }
}
