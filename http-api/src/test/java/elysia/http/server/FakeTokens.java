package elysia.http.server;

import elysia.core.auth.Access;
import elysia.core.auth.NewToken;
import elysia.core.auth.Principal;
import elysia.core.auth.TokenInfo;
import elysia.core.auth.TokenRequest;
import elysia.core.auth.Tokens;
import elysia.core.outcome.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// One token, `demo`.
final class FakeTokens implements Tokens {
  private static final TokenInfo DEMO = new TokenInfo("demo", Access.READ, FakePorts.NOW,
      Optional.empty(), "root");
  private final Queue<String> calls;

  FakeTokens(Queue<String> calls) {
    this.calls = calls;
  }

  @Override
  public CompletionStage<Outcome<NewToken>> create(TokenRequest request, Principal by) {
    calls.add("token create " + request.name() + " " + request.scope());
    return CompletableFuture.completedFuture(request.name().equals("demo")
        ? Outcome.refused("token_exists", "name: demo is taken")
        : Outcome.ok(new NewToken("elysiactl_0123", new TokenInfo(request.name(), request.scope(),
            FakePorts.NOW, request.expiresAt(), by.name()))));
  }

  @Override
  public CompletionStage<Outcome<List<TokenInfo>>> tokens() {
    calls.add("tokens");
    return CompletableFuture.completedFuture(Outcome.ok(List.of(DEMO)));
  }

  @Override
  public CompletionStage<Outcome<TokenInfo>> revoke(String name, boolean last) {
    calls.add("token revoke " + name + " " + last);
    return CompletableFuture.completedFuture(name.equals("demo")
        ? Outcome.ok(DEMO)
        : Outcome.refused("token_not_found", "token: " + name));
  }
}
