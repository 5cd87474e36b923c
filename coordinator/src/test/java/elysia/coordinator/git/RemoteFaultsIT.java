package elysia.coordinator.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import elysia.core.outcome.Outcome;
import elysia.core.source.Pulled;
import elysia.git.command.Stderr;
import elysia.testkit.git.TestRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RemoteFaultsIT extends GitFixture {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private Outcome<Pulled> pull(String location) {
    return source.pull(TestRepository.spec(location));
  }

  private static HttpServer answering(int status, String body) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext("/", exchange -> {
      try (exchange) {
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
      }
    });
    server.start();
    return server;
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 410})
  void remoteThatSaysNoIsRefused(int status) throws Exception {
    HttpServer server = answering(status, "no");
    try {
      assertThat(pull("http://127.0.0.1:" + server.getAddress().getPort() + "/x.git"))
          .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(
              refused.problem().code()).isEqualTo("repository_unreadable"));
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"500,oops", "503,later", "429,slowly", "200,<html>garbage</html>"})
  void remoteThatIsNotWellIsBusy(int status, String body) throws Exception {
    HttpServer server = answering(status, body);
    try {
      assertThat(pull("http://127.0.0.1:" + server.getAddress().getPort() + "/x.git"))
          .isInstanceOf(Outcome.Busy.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void remoteThatNeverAnswersIsBusyAtTheDeadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, LOOPBACK)) {
      source = sourceWithDeadline(Duration.ofMillis(500));
      for (String scheme : new String[]{"http", "ssh"})
        assertThat(pull(scheme + "://127.0.0.1:" + silent.getLocalPort() + "/x.git"))
            .isInstanceOf(Outcome.Busy.class);
    }
  }

  @Test
  void remoteThatIsDownIsBusy() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
      port = closed.getLocalPort();
    }
    for (String scheme : new String[]{"http", "ssh"})
      assertThat(pull(scheme + "://127.0.0.1:" + port + "/x.git")).isInstanceOf(Outcome.Busy.class);
  }

  @Test
  void fileThatIsNoRepositoryIsRefused() {
    assertThat(pull("file://" + folder + "/none")).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void missingGitIsRefusedWithWhatToDo() {
    source = new GitSource(clones, new GitSettings("no-such-git", settings.lookDeadline(),
        settings.cloneDeadline(), settings.fetchDeadline(), settings.localDeadline(), 1, 1),
        commands);
    assertThat(pull("file:///x")).isInstanceOfSatisfying(Outcome.Refused.class,
        refused -> assertThat(refused.problem().code()).isEqualTo("git_missing"));
  }

  @Test
  void errorsShowNoCredentials() {
    assertThat(Stderr.lastLines("""
        12:00:00.123456 http.c:1 => Send header: x
        fatal: unable to access 'https://bob:s3cret@h/x/': 403
        authorization: Basic s3cret
        """)).doesNotContain("s3cret", "http.c").contains("unable to access");
    assertThat(Stderr.httpStatus("""
        <= Recv header: HTTP/1.1 401 No
        <= Recv header: HTTP/2 404
        """)).isEqualTo(404);
  }
}
