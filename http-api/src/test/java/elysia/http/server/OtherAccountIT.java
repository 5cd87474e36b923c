package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import elysia.core.auth.Authenticator;
import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.outcome.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node without tokens, asked by another account of its machine.
class OtherAccountIT {
  private static final String NOBODY = "65534";
  private static final String HOME_TOKEN = "the-token-of-the-home";

  /// Without tokens, but with the token of its home.
  private static final class OpenWithHome implements Authenticator {
    @Override
    public boolean required() {
      return false;
    }

    @Override
    public boolean ofHome(Optional<String> bearer) {
      return bearer.filter(HOME_TOKEN::equals).isPresent();
    }

    @Override
    public Outcome<Principal> authenticate(Optional<String> bearer) {
      return Outcome.ok(new Principal("local", Set.of(Scope.values())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/repositories", "GET /ready", "GET /", "GET /openapi.json",
      "GET /metrics", "GET /nowhere", "DELETE /v1/repositories/a", "POST /v1/tokens"})
  void nothingAnswersToAnotherAccount(String line) throws Exception {
    try (TestServer server = TestServer.open()) {
      String answer = asNobody(server, line, "");
      assertThat(answer).startsWith("HTTP/1.1 403").contains("application/problem+json",
          "\"code\":\"other_account\"", "token create");
      assertThat(server.fake.calls).isEmpty();
    }
  }

  @Test
  void aliveAnswersToAnybody() throws Exception {
    try (TestServer server = TestServer.open()) {
      assertThat(asNobody(server, "GET /alive", "")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void ownAccountIsAnsweredOnTheSameServer() throws Exception {
    try (TestServer server = TestServer.open()) {
      assertThat(server.get("/v1/repositories").statusCode()).isEqualTo(200);
      assertThat(server.raw("GET /ready HTTP/1.1", "Host: 127.0.0.1", "Connection: close"))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void tokenOfTheHomeLetsAnotherAccountIn() throws Exception {
    try (TestServer server = TestServer.with(new OpenWithHome(), "")) {
      assertThat(asNobody(server, "GET /v1/repositories",
          "Authorization: Bearer " + HOME_TOKEN + "\r\n")).startsWith("HTTP/1.1 200");
      assertThat(asNobody(server, "GET /v1/repositories", "Authorization: Bearer guess\r\n"))
          .startsWith("HTTP/1.1 403");
    }
  }

  private static String asNobody(TestServer server, String line, String headers)
      throws IOException, InterruptedException {
    assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "not root: cannot ask as another account");
    String request = line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\n" + headers + "\r\n";
    Process process = new ProcessBuilder("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY,
        "--clear-groups", "bash", "-c",
        "exec 3<>/dev/tcp/127.0.0.1/$0; printf %s \"$1\" >&3; cat <&3",
        Integer.toString(server.address.port()), request).redirectErrorStream(true).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return answer;
  }
}
