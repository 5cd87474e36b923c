package elysia.deploy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import elysia.coordinator.journal.JournalAvailability;
import elysia.core.auth.Access;
import elysia.core.auth.NewToken;
import elysia.core.auth.Principal;
import elysia.core.auth.Scope;
import elysia.core.auth.TokenInfo;
import elysia.core.auth.TokenRequest;
import elysia.core.outcome.Outcome;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredTokensTest {
  private static final String HOME = "elysiactl_home";
  private static final Principal ROOT = new Principal("root", Set.of(Scope.values()));
  private final JdbcDataSource database = new JdbcDataSource();
  private final AtomicReference<Instant> clock = new AtomicReference<>(
      Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicLong nanoTime = new AtomicLong();
  private final CompletableFuture<String> outage = new CompletableFuture<>();

  @BeforeEach
  void table() throws Exception {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    try (
        InputStream ddl = Objects
            .requireNonNull(getClass().getResourceAsStream("/db/h2/V3__api_token.sql"));
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(new String(ddl.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private StoredTokens tokens(boolean exposed, Optional<String> bootstrap) {
    return tokens(exposed, bootstrap, outage, Runnable::run);
  }

  private StoredTokens tokens(boolean exposed, Optional<String> bootstrap,
      CompletableFuture<String> known, Executor blocking) {
    return new StoredTokens(new TokenTable(database, ""),
        new AccessSettings(bootstrap, Duration.ofMillis(5), Duration.ofSeconds(60)), exposed, HOME,
        () -> known, clock::get, nanoTime::get, blocking);
  }

  private static <T> T done(CompletionStage<Outcome<T>> stage) {
    return stage.toCompletableFuture().join().orElseThrow();
  }

  private static String refusal(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?>(var problem) ? problem.code() : outcome.toString();
  }

  private static NewToken make(StoredTokens tokens, String name, Access scope) {
    return done(tokens.create(new TokenRequest(name, scope, Optional.empty()), ROOT));
  }

  @Test
  void firstTokenClosesTheNodeToAllWithoutOne() {
    StoredTokens tokens = tokens(false, Optional.empty());
    assertThat(tokens.required()).isFalse();
    assertThat(tokens.authenticate(Optional.empty()).orElseThrow().may(Scope.ADMIN)).isTrue();
    NewToken made = make(tokens, "ci", Access.WRITE);
    assertThat(made.token()).matches("elysiactl_[0-9a-f]{64}");
    assertThat(tokens.required()).isTrue();
    assertThat(refusal(tokens.authenticate(Optional.empty()))).isEqualTo("unauthenticated");
    assertThat(refusal(tokens.authenticate(Optional.of(made.token() + "0"))))
        .isEqualTo("unauthenticated");
    Principal principal = tokens.authenticate(Optional.of(made.token())).orElseThrow();
    assertThat(principal.name()).isEqualTo("ci");
    assertThat(principal.scopes()).containsExactlyInAnyOrder(Scope.READ, Scope.WRITE);
    assertThat(tokens.authenticate(Optional.of(HOME)).orElseThrow().may(Scope.ADMIN)).isTrue();
  }

  @Test
  void textOfATokenIsNowhereInTheDatabaseNorInItsRecord() throws Exception {
    NewToken made = make(tokens(false, Optional.empty()), "ci", Access.READ);
    assertThat(made.toString()).doesNotContain(made.token());
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SCRIPT")) {
      StringBuilder all = new StringBuilder();
      while (rows.next())
        all.append(rows.getString(1));
      assertThat(all.toString()).contains("'ci'").doesNotContain(made.token(),
          made.token().substring("elysiactl_".length()));
    }
  }

  @Test
  void namesAreUniqueAndTimesLieAhead() {
    StoredTokens tokens = tokens(false, Optional.empty());
    make(tokens, "ci", Access.READ);
    assertThat(refusal(tokens.create(new TokenRequest("ci", Access.ADMIN, Optional.empty()), ROOT)
        .toCompletableFuture().join())).isEqualTo("token_exists");
    assertThat(refusal(
        tokens.create(new TokenRequest("x", Access.READ, Optional.of(clock.get())), ROOT)
            .toCompletableFuture().join()))
        .isEqualTo("invalid");
  }

  @Test
  void expiredTokenIsRefusedAndStillListed() {
    StoredTokens tokens = tokens(false, Optional.empty());
    NewToken made = done(tokens.create(
        new TokenRequest("ci", Access.READ, Optional.of(clock.get().plusSeconds(10))), ROOT));
    clock.updateAndGet(now -> now.plusSeconds(9));
    assertThat(tokens.authenticate(Optional.of(made.token())).orElseThrow().name()).isEqualTo("ci");
    clock.updateAndGet(now -> now.plusSeconds(1));
    assertThat(refusal(tokens.authenticate(Optional.of(made.token()))))
        .isEqualTo("unauthenticated");
    assertThat(done(tokens.tokens())).extracting(TokenInfo::createdBy).isEqualTo(List.of("root"));
    assertThat(tokens.required()).isTrue();
  }

  @Test
  void revokedTokenIsRefusedByEveryNode() throws Exception {
    StoredTokens one = tokens(false, Optional.empty());
    make(one, "root", Access.ADMIN);
    StoredTokens other = tokens(false, Optional.empty());
    Thread reading = Thread.ofVirtual().start(other);
    try {
      NewToken made = make(one, "ci", Access.READ);
      nanoTime.incrementAndGet();
      await(() -> other.authenticate(Optional.of(made.token())) instanceof Outcome.Ok);
      done(one.revoke("ci", false));
      nanoTime.incrementAndGet();
      assertThat(refusal(one.authenticate(Optional.of(made.token())))).isEqualTo("unauthenticated");
      await(() -> refusal(other.authenticate(Optional.of(made.token())))
          .equals("unauthenticated"));
      assertThat(refusal(one.revoke("ci", false).toCompletableFuture().join()))
          .isEqualTo("token_not_found");
    } finally {
      reading.interrupt();
      reading.join();
    }
  }

  private static void await(java.util.function.BooleanSupplier wanted) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void lastTokenGoesOnlyWhenItIsAskedForAndAnExposedNodeStaysClosed() {
    StoredTokens tokens = tokens(false, Optional.empty());
    make(tokens, "root", Access.ADMIN);
    StoredTokens exposed = tokens(true, Optional.empty());
    assertThat(refusal(tokens.revoke("root", false).toCompletableFuture().join()))
        .isEqualTo("conflict");
    done(exposed.revoke("root", true));
    done(tokens.tokens());
    assertThat(tokens.required()).isFalse();
    assertThat(exposed.required()).isTrue();
    assertThat(refusal(exposed.authenticate(Optional.empty()))).isEqualTo("unauthenticated");
  }

  @Test
  void exposedNodeWithoutTokensDoesNotClaimToBeClosed() {
    assertThat(tokens(true, Optional.empty()).required()).isFalse();
    assertThat(tokens(true, Optional.of("b".repeat(32))).required()).isTrue();
  }

  @Test
  void bootstrapTokenOpensAndMustBeLong() {
    String given = "0123456789abcdef0123456789abcdef";
    StoredTokens tokens = tokens(true, Optional.of(given));
    assertThat(tokens.authenticate(Optional.of(given)).orElseThrow().name())
        .isEqualTo("(bootstrap)");
    assertThatThrownBy(() -> tokens(true, Optional.of("short")))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("5 characters")
        .hasMessageNotContaining("short");
  }

  @Test
  void nothingIsMadeNorRevokedWhileTheDatabaseIsDown() {
    StoredTokens tokens = tokens(false, Optional.empty());
    make(tokens, "ci", Access.READ);
    outage.complete("down since noon");
    assertThat(tokens.create(new TokenRequest("new", Access.READ, Optional.empty()), ROOT))
        .isCompletedWithValue(
            new Outcome.Busy<>("journal_unavailable", "down since noon",
                JournalAvailability.RETRY_AFTER));
    assertThat(tokens.revoke("ci", true))
        .isCompletedWithValue(
            new Outcome.Busy<>("journal_unavailable", "down since noon",
                JournalAvailability.RETRY_AFTER));
    assertThat(tokens.tokens())
        .isCompletedWithValue(
            new Outcome.Busy<>("journal_unavailable", "down since noon",
                JournalAvailability.RETRY_AFTER));
    assertThat(done(tokens(false, Optional.empty(), new CompletableFuture<>(), Runnable::run)
        .tokens()))
        .extracting(TokenInfo::name).containsExactly("ci");
  }

  @Test
  void whoWaitsWhenTheDatabaseGoesIsToldThatNobodyKnows() {
    List<Runnable> stuck = new ArrayList<>();
    StoredTokens tokens = tokens(false, Optional.empty(), outage, stuck::add);
    CompletionStage<Outcome<NewToken>> made = tokens
        .create(new TokenRequest("new", Access.READ, Optional.empty()), ROOT);
    assertThat(made).isNotCompleted();
    outage.complete("down");
    assertThat(stuck).hasSize(1);
    assertThat(made).isCompletedWithValueMatching(
        outcome -> outcome instanceof Outcome.Busy<NewToken>(_, var why, var after)
            && why.contains("may or may not have been made")
            && after.equals(Optional.of(JournalAvailability.RETRY_AFTER)));
  }

  @Test
  void nodeThatCannotReadTheTokensLetsNobodyInAfterAWhile() {
    StoredTokens tokens = tokens(false, Optional.empty());
    NewToken made = make(tokens, "ci", Access.READ);
    nanoTime.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(tokens.authenticate(Optional.of(made.token()))).isInstanceOf(Outcome.Ok.class);
    nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(tokens.authenticate(Optional.of(made.token()))).isInstanceOf(Outcome.Busy.class);
    assertThat(tokens.authenticate(Optional.of(HOME))).isInstanceOf(Outcome.Ok.class);
  }
}
