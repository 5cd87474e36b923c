package elysia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import elysia.core.auth.Authenticator;
import elysia.core.auth.Scope;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.junit.jupiter.api.Test;

class LifecycleIT {
  @Test
  void takenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TestServer server = TestServer.open()) {
      HttpSettings settings = HttpSettings.from(ConfigFactory
          .parseString("elysia.http.port = " + taken.getLocalPort())
          .withFallback(ConfigFactory.load()));
      assertThatThrownBy(() -> HttpServer
          .start(server.kit.system(), settings, server.fake.ports(Authenticator.open()))
          .toCompletableFuture().get(20, TimeUnit.SECONDS)).cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1")
          .hasMessageContaining("elysia.http.port");
    }
  }

  @Test
  void withoutTokensOnlyLoopbackIsBound() {
    assertThatThrownBy(
        () -> TestServer.with(Authenticator.open(), "elysia.http.interface = 0.0.0.0"))
        .cause().isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("interface: 0.0.0.0 (expected: 127.0.0.1");
  }

  @Test
  void withTokensAnyAddressIsBound() throws Exception {
    try (TestServer server = TestServer.with(
        FakePorts.tokens(Map.of("t", Set.of(Scope.READ))), "elysia.http.interface = 0.0.0.0")) {
      assertThat(server.address.url().getHost()).isEqualTo("127.0.0.1");
      assertThat(server.get("/alive").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void leavingNodeSaysSoBeforeItClosesThePort() throws Exception {
    try (TestServer server = TestServer.with(Authenticator.open(),
        "elysia.http.drain-time = 3s")) {
      assertThat(server.get("/ready").statusCode()).isEqualTo(200);
      CompletionStage<Done> gone = CoordinatedShutdown.get(server.kit.system())
          .runAll(CoordinatedShutdown.unknownReason());
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      while (server.get("/ready").statusCode() != 503)
        assertThat(System.nanoTime()).isLessThan(deadline);
      assertThat(server.get("/ready").body()).contains("shutting down");
      assertThat(server.get("/v1/repositories").statusCode()).isEqualTo(200);
      gone.toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThatThrownBy(() -> server.get("/alive")).isInstanceOf(ConnectException.class);
    }
  }
}
