package elysia.http.server;

import com.typesafe.config.ConfigFactory;
import elysia.core.auth.Authenticator;
import elysia.core.change.ChangeSettings;
import elysia.http.live.LiveRoutes;
import elysia.http.live.LiveSettings;
import elysia.http.route.Endpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Every endpoint of the API, with fakes behind it.
final class ApiEndpoints {
  private ApiEndpoints() {}

  static List<Endpoint> all() {
    FakePorts fake = new FakePorts();
    LiveRoutes live = new LiveRoutes(fake, LiveSettings.from(ConfigFactory.load()), fake.registry);
    return ApiRoutes.endpoints(fake.ports(Authenticator.open()), live, new AtomicBoolean(),
        ChangeSettings.from(ConfigFactory.load()), false, () -> {
          throw new IllegalStateException("no request is made");
        });
  }
}
