package elysia.http.guard;

import elysia.core.auth.Authenticator;
import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Problem;
import elysia.core.outcome.Unit;
import elysia.http.route.AccessControl;
import elysia.http.route.ApiException;
import elysia.http.route.Connection;
import elysia.http.route.Peer;
import elysia.http.route.Responses;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// The rules of access: a node without tokens answers its own account only, and loopback Host names
/// only (a name that anyone can point at 127.0.0.1 is a web page's way in), no node lets another
/// origin's page change anything or watch, and with tokens everybody needs one.
public final class Guard implements AccessControl {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
  private static final Pattern PORT = Pattern.compile(":\\d{0,5}$");
  /// The one path that answers everybody.
  private static final String ALIVE = "/alive";
  private static final String BEARER = "bearer ";
  private static final String PROTOCOL = "elysiactl.bearer.";
  private static final List<HttpHeader> CHALLENGE = List
      .of(HttpHeader.parse("WWW-Authenticate", "Bearer realm=\"elysiactl\""));

  private final Authenticator authenticator;
  private final LocalPeers peers;
  private final Optional<RateLimit> rateLimit;

  public Guard(Authenticator authenticator, GuardSettings settings, LocalPeers peers) {
    this.authenticator = authenticator;
    this.peers = peers;
    this.rateLimit = settings.requestsPerSecond() == 0
        ? Optional.empty()
        : Optional.of(
            new RateLimit(settings.requestsPerSecond(), settings.burst(), System::nanoTime));
  }

  @Override
  public void admit(HttpRequest request) {
    String host = header(request, "Host").orElse("").toLowerCase(Locale.ROOT);
    if (!authenticator.required() && !LOOPBACK.contains(PORT.matcher(host).replaceFirst("")))
      throw new ApiException(421, "wrong_host",
          "Host: " + Printable.of(host) + " (expected: 127.0.0.1, [::1] or localhost)",
          "a node without tokens serves its own machine only; configure tokens to reach it by name");
    ownAccount(request);
    boolean upgrade = header(request, "Upgrade").isPresent();
    if (upgrade || !SAFE_METHODS.contains(request.method().value()))
      ownOrigin(request, host);
  }

  /// Every account of a machine reaches its loopback address.
  private void ownAccount(HttpRequest request) {
    if (authenticator.required() || request.getUri().path().equals(ALIVE)
        || authenticator.ofHome(token(request)) || Connection.trusted(request, peers::trusted))
      return;
    throw new ApiException(403, "other_account",
        "this node has no tokens, so it answers only to the account that it runs as",
        "use elysiactl as that account or as root; to let others in, make a token as that account:"
            + " elysiactl token create --name NAME --scope read|write|admin");
  }

  /// With tokens a proxy may speak TLS to the browser and none to this node: such a page is this
  /// node's as well.
  private void ownOrigin(HttpRequest request, String host) {
    Optional<String> origin = header(request, "Origin").map(text -> text.toLowerCase(Locale.ROOT));
    String own = request.getUri().scheme().replace("ws", "http") + "://" + host;
    String site = header(request, "Sec-Fetch-Site").orElse("none").toLowerCase(Locale.ROOT);
    boolean same = origin.isEmpty() || origin.get().equals(own)
        || (authenticator.required() && origin.get().equals("https://" + host));
    boolean foreign = !same || site.equals("cross-site");
    if (foreign)
      throw new ApiException(403, "foreign_origin",
          "Origin: " + Printable.of(origin.orElse(site)) + " (expected: " + Printable.of(own) + ")",
          "pages of other origins may not drive this node");
  }

  @Override
  public Principal identify(HttpRequest request) {
    Outcome<Principal> outcome = authenticator.authenticate(token(request));
    if (outcome instanceof Outcome.Refused<Principal>(var problem)
        && problem.code().equals("unauthenticated")) {
      limit("address " + Peer.of(request), "this address");
      throw new ApiException(401, challenge(problem), CHALLENGE);
    }
    Principal principal = Responses.valueOf(outcome);
    if (authenticator.required())
      limit("token " + principal.name(), "this token");
    return principal;
  }

  @Override
  public Outcome<Unit> stillAdmits(HttpRequest request, Scope scope) {
    return authenticator.authenticate(token(request)).flatMap(principal -> principal.may(scope)
        ? Unit.ok()
        : Outcome.refused("forbidden",
            "this token lacks the scope " + scope.name().toLowerCase(Locale.ROOT)));
  }

  /// By token, and those without a good one by address: so behind a proxy, where all come from one
  /// address, nobody takes the others' share.
  private void limit(String key, String who) {
    rateLimit.ifPresent(limit -> {
      long seconds = limit.take(key);
      if (seconds > 0)
        throw ApiException.later(429, "too_many_requests", who + " asks too often", seconds);
    });
  }

  private static Problem challenge(Problem problem) {
    return problem.hint().isEmpty()
        ? Problem.of(problem.code(), problem.message(), "send Authorization: Bearer TOKEN")
        : problem;
  }

  /// From the Authorization header, or as a browser's script can give it to a WebSocket: among the
  /// protocols that it offers, encoded so that any token is a protocol's name.
  private static Optional<String> token(HttpRequest request) {
    if (StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is("authorization")).count() > 1)
      throw ApiException.invalid("Authorization: sent more than once (expected: once)");
    Optional<String> value = header(request, "Authorization").map(String::strip)
        .filter(text -> text.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(text -> text.substring(BEARER.length()).strip());
    return value.or(() -> header(request, "Sec-WebSocket-Protocol").stream()
        .flatMap(list -> Arrays.stream(list.split(",", -1))).map(String::strip)
        .filter(name -> name.startsWith(PROTOCOL)).findFirst()
        .flatMap(name -> decoded(name.substring(PROTOCOL.length()))));
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }
}
