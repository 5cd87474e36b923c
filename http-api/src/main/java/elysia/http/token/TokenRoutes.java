package elysia.http.token;

import elysia.core.auth.Scope;
import elysia.core.auth.TokenRequest;
import elysia.core.auth.Tokens;
import elysia.http.route.Endpoint;
import elysia.http.route.RequestContext;
import elysia.http.route.Responses;
import elysia.http.route.Routes;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// `/v1/tokens`. A token's text is told once, in the answer that made it.
public final class TokenRoutes implements Routes {
  private static final String ALL = "/v1/tokens";

  private final Tokens tokens;

  public TokenRoutes(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.change(HttpMethods.POST, ALL, Endpoint.Body.JSON, this::create)
            .needs(Scope.ADMIN),
        Endpoint.get(ALL, _ -> Responses.of(200, tokens.tokens())).needs(Scope.ADMIN),
        Endpoint.act(HttpMethods.DELETE, ALL + "/{token}",
            context -> Responses.of(200,
                tokens.revoke(context.path("token"), context.flag("last"))),
            "last")
            .needs(Scope.ADMIN));
  }

  private CompletionStage<HttpResponse> create(RequestContext context) {
    TokenRequest request = context.json(TokenRequest.class);
    context.about("token", request.name());
    context.about("scope", request.scope().label());
    return Responses.of(201, tokens.create(request, context.principal()));
  }
}
