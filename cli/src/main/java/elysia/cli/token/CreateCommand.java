package elysia.cli.token;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.auth.Access;
import elysia.core.auth.NewToken;
import elysia.core.auth.TokenRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `elysiactl token create`: prints the token, and nothing else, on standard output.
@Command(name = "create", description = "Make a token and print it, this once")
final class CreateCommand implements Callable<Integer> {
  @Option(names = "--name", required = true, paramLabel = "NAME", description = "for the list and the audit log")
  String name = "";

  @Option(names = "--scope", required = true, paramLabel = "SCOPE", description = "read: look and search; write: also add, change, sync and remove; admin: also delete collections and manage tokens")
  String scope = "";

  @Option(names = "--expires", paramLabel = "TIME", description = "30m, 12h, 90d, 52w, or a time as of RFC 3339 (default never)")
  @Nullable
  String expires;

  private final Session session;

  CreateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Optional<Instant> end = Optional.ofNullable(expires)
        .map(text -> Expiry.parse(text, session.now()));
    NewToken made = session.api().createToken(request(end));
    session.output().one(made, () -> {
      session.console().note("Token " + Text.safe(made.info().name()) + " ("
          + made.info().scope().label() + made.info().expiresAt().map(at -> ", until " + at)
              .orElse("")
          + "). It is not shown again:");
      session.console().data(made.token());
    });
    return ExitCode.OK;
  }

  private TokenRequest request(Optional<Instant> end) {
    try {
      return new TokenRequest(name, Access.of(scope), end);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--" + e.getMessage(), "");
    }
  }
}
