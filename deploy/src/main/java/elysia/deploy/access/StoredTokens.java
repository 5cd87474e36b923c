package elysia.deploy.access;

import elysia.coordinator.journal.JournalAvailability;
import elysia.core.auth.Authenticator;
import elysia.core.auth.NewToken;
import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.auth.TokenInfo;
import elysia.core.auth.TokenRequest;
import elysia.core.auth.Tokens;
import elysia.core.identity.Printable;
import elysia.core.outcome.Outcome;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tokens of the journal's database, all of them in memory and read again every moment. Beside
/// them stand the token of the home, and one that the configuration may give.
public final class StoredTokens implements Authenticator, Tokens, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(StoredTokens.class);
  private static final int MOST = 1_000;
  /// Tries that fail before it is told: one may be a connection that broke.
  private static final int TOLD = 3;
  private static final Set<Scope> ALL = Set.of(Scope.values());
  // Names that no stored token can have.
  private static final Principal LOCAL = new Principal("(local)", ALL);
  private static final Principal OWNER = new Principal("(owner)", ALL);
  private static final Principal BOOTSTRAP = new Principal("(bootstrap)", ALL);

  private record Known(List<TokenTable.Stored> tokens, long readAt) {}

  private final TokenTable table;
  private final AccessSettings settings;
  private final boolean always;
  private final String home;
  private final Optional<String> bootstrap;
  private final JournalAvailability journal;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Executor blocking;
  private volatile Known known;

  /// Reads the tokens.
  ///
  /// @param exposed whether others than this machine reach the API: then a token stays required when
  ///          the last one is revoked
  /// @param homeToken of the owner
  /// @param journal of the database
  /// @param nanoTime of a clock that never leaps
  /// @throws IllegalStateException when the database does not answer
  public StoredTokens(TokenTable table, AccessSettings settings, boolean exposed, String homeToken,
      JournalAvailability journal, InstantSource clock, LongSupplier nanoTime, Executor blocking) {
    this.table = table;
    this.settings = settings;
    this.home = Secret.hash(homeToken);
    this.bootstrap = settings.bootstrapToken().map(Secret::hash);
    this.journal = journal;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.blocking = blocking;
    try {
      this.known = read();
    } catch (SQLException e) {
      throw new IllegalStateException("the tokens cannot be read: " + e.getMessage(), e);
    }
    this.always = exposed && any();
  }

  private boolean any() {
    return bootstrap.isPresent() || !known.tokens().isEmpty();
  }

  @Override
  public boolean required() {
    return always || any();
  }

  @Override
  public boolean ofHome(Optional<String> bearer) {
    return bearer.filter(token -> Secret.same(Secret.hash(token), home)).isPresent();
  }

  @Override
  public Outcome<Principal> authenticate(Optional<String> bearer) {
    if (!required())
      return Outcome.ok(LOCAL);
    if (bearer.isEmpty())
      return Outcome.refused("unauthenticated", "token: missing",
          "send Authorization: Bearer TOKEN; elysiactl: ELYSIACTL_TOKEN or --token-file");
    String hash = Secret.hash(bearer.get());
    if (Secret.same(hash, home))
      return Outcome.ok(OWNER);
    if (bootstrap.filter(own -> Secret.same(hash, own)).isPresent())
      return Outcome.ok(BOOTSTRAP);
    Known now = known;
    Duration age = Duration.ofNanos(nanoTime.getAsLong() - now.readAt());
    if (age.compareTo(settings.staleAfter()) > 0)
      return new Outcome.Busy<>("database_unavailable",
          "the tokens could not be read for " + age.toSeconds()
              + " s, so this node does not know which are revoked");
    TokenInfo found = null;
    for (TokenTable.Stored stored : now.tokens()) // to the end, whichever it is
      if (Secret.same(hash, stored.hash()))
        found = stored.info();
    if (found == null)
      return Outcome.refused("unauthenticated", "token: unknown or revoked", "use another token");
    if (found.expired(clock.instant()))
      return Outcome.refused("unauthenticated", "token: expired", "make another one");
    return Outcome.ok(new Principal(found.name(), found.scope().scopes()));
  }

  @Override
  public CompletionStage<Outcome<NewToken>> create(TokenRequest request, Principal by) {
    return changed("made", () -> {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      Optional<Instant> end = request.expiresAt().map(at -> at.truncatedTo(ChronoUnit.MILLIS));
      TokenInfo info = new TokenInfo(request.name(), request.scope(), now, end, by.name());
      if (info.expired(now))
        return Outcome.refused("invalid", "expires_at: " + end.get() + " (expected: later than "
            + now + ")");
      if (known.tokens().size() >= MOST)
        return Outcome.refused("too_many_tokens", "there are " + MOST + " tokens",
            "revoke those that nobody needs");
      String token = Secret.random();
      if (!table.insert(info, Secret.hash(token)))
        return Outcome.refused("token_exists", "name: " + info.name() + " is taken",
            "choose another name, or revoke that token first");
      keep(read());
      return Outcome.ok(new NewToken(token, info));
    });
  }

  @Override
  public CompletionStage<Outcome<List<TokenInfo>>> tokens() {
    return journal.repeatable(() -> later(() -> {
      keep(read());
      return Outcome.ok(known.tokens().stream().map(TokenTable.Stored::info).toList());
    }));
  }

  @Override
  public CompletionStage<Outcome<TokenInfo>> revoke(String name, boolean last) {
    return changed("revoked", () -> {
      Known now = read();
      Optional<TokenInfo> token = now.tokens().stream().map(TokenTable.Stored::info)
          .filter(info -> info.name().equals(name)).findFirst();
      if (token.isPresent() && now.tokens().size() == 1 && bootstrap.isEmpty() && !last)
        return Outcome.refused("conflict", name + " is the last token", always
            ? "make another one first; or give last=true (--last): then only the owner of a node's home is let in"
            : "make another one first; or give last=true (--last): then everything of this node's account is let in");
      if (token.isEmpty() || !table.delete(name))
        return Outcome.refused("token_not_found", "token: " + Printable.of(name)
            + " (expected: one that exists)", "GET /v1/tokens lists them");
      keep(read());
      return Outcome.ok(token.get());
    });
  }

  /// Refused at once while the database is down; when it goes in the middle, nobody knows.
  private <T> CompletionStage<Outcome<T>> changed(String what, Callable<Outcome<T>> change) {
    return journal.command(() -> later(change),
        why -> new Outcome.Busy<>("journal_unavailable",
            why + "; the token may or may not have been " + what
                + " (`elysiactl token list` tells)",
            JournalAvailability.RETRY_AFTER));
  }

  private <T> CompletionStage<Outcome<T>> later(Callable<Outcome<T>> work) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return work.call();
      } catch (SQLException e) {
        LOG.warn("tokens: the database does not answer: {}", e.toString());
        return new Outcome.Busy<>("database_unavailable", "the journal's database does not answer");
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }, blocking);
  }

  private Known read() throws SQLException {
    long before = nanoTime.getAsLong();
    return new Known(table.all(), before);
  }

  /// Reads the tokens again and again until it is interrupted.
  @Override
  public void run() {
    int failures = 0;
    try {
      while (true) {
        Thread.sleep(settings.refresh());
        try {
          keep(read());
          failures = 0;
        } catch (SQLException e) {
          if (++failures == TOLD)
            LOG.warn("tokens cannot be read, those known hold for {}: {}", settings.staleAfter(),
                e.toString());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What was read earlier must not replace what a change read after it.
  private synchronized void keep(Known read) {
    if (read.readAt() - known.readAt() >= 0)
      known = read;
  }
}
