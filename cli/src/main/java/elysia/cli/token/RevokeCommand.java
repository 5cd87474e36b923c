package elysia.cli.token;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.auth.TokenInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl token revoke`.
@Command(name = "revoke", description = "Revoke a token: every node refuses it within seconds")
final class RevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "a token")
  String name = "";

  @Option(names = "--last", description = "also when it is the last one: then the node serves its own account again")
  boolean last;

  private final Session session;

  RevokeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    TokenInfo revoked = session.api().revokeToken(name, last);
    session.output().one(revoked,
        () -> session.console().note("Revoked token " + Text.safe(revoked.name())));
    return ExitCode.OK;
  }
}
