package elysia.cli.feed;

import elysia.cli.feed.content.WorkTrees;
import elysia.cli.feed.input.InputHead;
import elysia.cli.feed.input.Inputs;
import elysia.cli.feed.input.LineReader;
import elysia.cli.feed.upload.Uploader;
import elysia.cli.output.Text;
import elysia.cli.process.ExitCode;
import elysia.cli.session.Session;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.core.change.LinePosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `elysiactl index validate`.
@Command(name = "validate", description = "Check lines of the change contract; exit 2 when one is bad")
final class ValidateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "0..1", description = "the lines; - for standard input")
  String file = "-";

  @Option(names = {"-z", "-0", "--null"}, description = "lines end with NUL")
  boolean nul;

  @Option(names = "--schema", description = "print the JSON Schema of a line instead")
  boolean schema;

  private final Session session;

  ValidateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (schema)
      return printSchema();
    long lines = 0;
    long changes = 0;
    long bad = 0;
    try (InputStream in = Inputs.open(session, file)) {
      InputHead head = InputHead.of(in,
          new InputHead.Options(nul, false, path -> WorkTrees
              .exists(session.environment().workingDirectory(), path)));
      LineReader reader = head.reader(head.before(in), new LinePosition(0, 0, 0));
      for (Optional<Line> next = reader.next(); next.isPresent(); next = reader.next()) {
        lines++;
        switch (next.get()) {
          case Line.BadLine wrong -> {
            bad++;
            tell(wrong);
            if (session.console().closed())
              return ExitCode.USAGE;
          }
          case Line.ChangeLine change -> {
            changes++;
            if (!change.unknown().isEmpty())
              session.console().note("line " + change.position().line() + ": unknown, no effect: "
                  + Text.safe(String.join(", ", change.unknown())));
          }
          case Line.Folder _ -> changes++;
          case Line.Marker _,Line.Ignored _ -> {
          }
        }
      }
    } catch (IOException e) {
      throw Uploader.unreadable(e);
    }
    if (session.output().table())
      session.console().data(Text.count(lines, "line") + ", " + Text.count(changes, "change")
          + ", " + Text.number(bad) + " bad");
    return bad == 0 ? ExitCode.OK : ExitCode.USAGE;
  }

  private void tell(Line.BadLine wrong) {
    if (session.output().table())
      session.console().data(Text.safe(wrong.text()));
    else
      session.output()
          .line(Map.of("line", wrong.position().line(), "offset", wrong.offset(), "wrong",
              wrong.wrong(), "expected", wrong.expected()));
  }

  private int printSchema() {
    try (InputStream in = Objects
        .requireNonNull(ChangeSettings.class.getResourceAsStream("/schema/change.json"))) {
      session.console().data(new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing());
      return ExitCode.OK;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
