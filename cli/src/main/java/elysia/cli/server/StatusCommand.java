package elysia.cli.server;

import elysia.cli.output.Console;
import elysia.cli.output.Details;
import elysia.cli.output.Table;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.cluster.ClusterStatus;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `elysiactl server status`; starts nothing.
@Command(name = "status", description = "Show the members of the cluster, the store, the journal and the embedder")
public final class StatusCommand implements Callable<Integer> {
  private final Session session;

  public StatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    URI server = session.namedServer().or(() -> session.homeNode().find())
        .orElseThrow(() -> new Failure(ExitCode.UNREACHABLE, "no node runs in " + session.home(),
            "start one: elysiactl server start"));
    ClusterStatus cluster = session.api(server).cluster();
    session.output().one(cluster, () -> print(server, cluster));
    for (String warning : cluster.warnings())
      session.console().error(session.console().yellow("warning: ") + Text.safe(warning));
    return cluster.storeOk() && cluster.journalOk() ? ExitCode.OK : ExitCode.UNREACHABLE;
  }

  private void print(URI server, ClusterStatus cluster) {
    Console console = session.console();
    Table members = new Table("member", "status", "roles", "shards", "repositories", "queued",
        "running", "chunks/s", "version");
    for (ClusterStatus.Member member : cluster.members())
      members.row(member.address(), member.unreachable() ? "unreachable" : member.status(),
          String.join(",", member.roles().stream().sorted().toList()),
          member.shards().map(String::valueOf).orElse("-"),
          member.repositories().map(String::valueOf).orElse("-"),
          member.queuedBatches().map(String::valueOf).orElse("-"),
          member.runningBatches().map(String::valueOf).orElse("-"),
          member.chunksPerSecond().map(rate -> String.format(Locale.ROOT, "%.1f", rate))
              .orElse("-"),
          member.version());
    members.print(console);
    console.data("");
    new Details().add("server", server + ", version " + cluster.version())
        .add("leader", cluster.leader())
        .add("store", health(cluster.storeOk(), cluster.store()))
        .add("journal", health(cluster.journalOk(), cluster.journal()))
        .add("embedder", cluster.embedder()).lines(0).forEach(console::data);
  }

  private static String health(boolean ok, String line) {
    return ok ? line : "NOT OK: " + line;
  }
}
