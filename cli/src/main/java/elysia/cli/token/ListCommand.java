package elysia.cli.token;

import elysia.cli.output.Table;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.auth.TokenInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `elysiactl token list`.
@Command(name = "list", description = "List the tokens; their text is kept nowhere")
final class ListCommand implements Callable<Integer> {
  private final Session session;

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<TokenInfo> tokens = session.api().tokens();
    if (!session.output().table())
      session.output().many(tokens.iterator());
    else if (tokens.isEmpty())
      session.console().note("No tokens: the node's own account, and root, may do everything");
    else {
      Table table = new Table("name", "scope", "created", "by", "expires");
      for (TokenInfo token : tokens)
        table.row(token.name(), token.scope().label(), day(token.createdAt()), token.createdBy(),
            token.expiresAt().map(at -> (token.expired(session.now()) ? "expired " : "") + day(at))
                .orElse("never"));
      table.print(session.console());
    }
    return ExitCode.OK;
  }

  private static String day(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES).toString();
  }
}
