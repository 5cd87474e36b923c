package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.session.Session;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Added;
import elysia.core.repository.Estimate;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl repo add`.
@Command(name = "add", description = "Add a repository, index it, and keep it indexed")
final class AddCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "URL|PATH", description = "a Git URL or a local path; asked for when left out on a terminal")
  @Nullable
  String location;

  @Mixin
  AddOptions options = new AddOptions();

  @Option(names = "--no-wait", description = "return once it is added; the sync runs on the node")
  boolean noWait;

  @Option(names = "--dry-run", description = "only say what would be indexed, and how long it would take")
  boolean dryRun;

  private final Session session;

  AddCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    AddRepository request = request();
    if (dryRun)
      return estimate(request);
    Console console = session.console();
    Added added = session.api().add(request);
    String name = Text.safe(added.status().name());
    console.note(added.created()
        ? "Added " + name + " to collection " + Text.safe(added.status().collection())
        : name + " is there already, with the same settings");
    if (noWait) {
      session.output().one(added.status(), () -> console.data(name));
      return ExitCode.OK;
    }
    SyncEnd.Mark before = added.created() ? SyncEnd.Mark.NEW : SyncEnd.Mark.of(added.status());
    return Summary.tell(session, new SyncWatch(session).await(before, added.status()));
  }

  private AddRepository request() {
    if (location != null && !location.isBlank())
      return options.request(Location.absolute(session.environment(), location));
    if (!session.console().terminal())
      throw Failure.usage("missing URL or path", "for the folder you are in: elysiactl repo add .");
    return new InteractivePrompt(session.environment()).ask(options);
  }

  private int estimate(AddRepository request) {
    Estimate estimate = session.api().estimate(request);
    session.output().one(estimate,
        () -> Summary.estimate(estimate).lines(0).forEach(session.console()::data));
    return ExitCode.OK;
  }
}
