package elysia.cli.repository;

import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.cli.process.Interrupts;
import elysia.cli.session.Session;
import elysia.core.identity.Redacted;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Added;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `elysiactl repo add-batch`.
@Command(name = "add-batch", description = "Add many repositories: a URL or path and its options per line, # for comments")
final class AddBatchCommand implements Callable<Integer> {
  private static final int AT_ONCE = 4;

  @Parameters(paramLabel = "FILE", description = "the list; - for standard input")
  String file = "-";

  @Option(names = "--no-wait", description = "return once all are added; the syncs run on the node")
  boolean noWait;

  private final Session session;

  AddBatchCommand(Session session) {
    this.session = session;
  }

  /// One line of the list, parsed as a command line of its own.
  @Command(name = "line")
  static final class LineOptions {
    @Parameters(paramLabel = "URL|PATH")
    String location = "";

    @Mixin
    AddOptions options = new AddOptions();
  }

  @Override
  public Integer call() {
    List<BatchFile.Line> lines = BatchFile.parse(read());
    if (lines.isEmpty()) {
      session.console().note("The list names no repository");
      return ExitCode.OK;
    }
    session.api(); // one node is started, not one per thread
    List<BatchResult> results;
    try (Interrupts.Registration _ = session.environment().interrupts()
        .onInterrupt(this::sayWhatGoesOn)) {
      List<BatchAdded> added = addAll(lines);
      results = noWait
          ? added.stream().map(line -> BatchResult.of(line, Optional.empty())).toList()
          : new BatchWatch(session).await(added);
    }
    BatchResult.print(session, results);
    return results.stream().allMatch(BatchResult::ok) ? ExitCode.OK : ExitCode.PARTIAL;
  }

  /// What became of a line when it was sent.
  record BatchAdded(int line, String location, Optional<Added> added, Optional<Failure> failure) {}

  private List<BatchAdded> addAll(List<BatchFile.Line> lines) {
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE,
        Thread.ofVirtual().factory())) {
      List<Future<BatchAdded>> pending = new ArrayList<>();
      for (BatchFile.Line line : lines)
        pending.add(pool.submit(() -> addOne(line)));
      List<BatchAdded> added = new ArrayList<>();
      for (Future<BatchAdded> future : pending) {
        BatchAdded one = future.get();
        tell(one);
        added.add(one);
      }
      return added;
    } catch (ExecutionException e) {
      throw new IllegalStateException("adding failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    }
  }

  private BatchAdded addOne(BatchFile.Line line) {
    String typed = line.words().getFirst();
    try {
      if (line.error().isPresent())
        throw Failure.usage(line.error().get(), "");
      LineOptions parsed = new LineOptions();
      new CommandLine(parsed).parseArgs(line.words().toArray(String[]::new));
      typed = parsed.location;
      AddRepository request = parsed.options
          .request(Location.absolute(session.environment(), parsed.location));
      return new BatchAdded(line.number(), request.location(),
          Optional.of(session.api().add(request)), Optional.empty());
    } catch (ParameterException | IllegalArgumentException e) {
      return failed(line, typed,
          Failure.usage(Redacted.text(String.valueOf(e.getMessage())), "").because(e));
    } catch (Failure e) {
      return failed(line, typed, e);
    }
  }

  private static BatchAdded failed(BatchFile.Line line, String typed, Failure failure) {
    return new BatchAdded(line.number(), Redacted.address(typed), Optional.empty(),
        Optional.of(failure));
  }

  private void tell(BatchAdded line) {
    String head = "line " + line.line() + ": ";
    line.added().ifPresent(added -> session.console().note(head
        + Text.safe(added.status().name()) + (added.created() ? " added" : " is there already")));
    line.failure().ifPresent(failure -> session.console().error(head + Text.safe(line.location())
        + ": " + Text.safe(failure.text())
        + (failure.hint().isEmpty() ? "" : " — " + Text.safe(failure.hint()))));
  }

  private List<String> read() {
    try {
      if (!file.equals("-"))
        return lines(Files.readAllBytes(session.environment().workingDirectory()
            .resolve(Path.of(file))));
      InputStream in = session.environment().in();
      return lines(in.readAllBytes());
    } catch (IOException | IllegalArgumentException e) {
      throw Failure.usage("the list " + file + " cannot be read", "").because(e);
    }
  }

  private static List<String> lines(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).lines().toList();
  }

  private void sayWhatGoesOn() {
    session.console()
        .error("Interrupted. The syncs of the repositories added so far go on on the node.");
    session.console().error("Look at them: elysiactl repo list");
  }
}
