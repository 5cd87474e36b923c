package elysia.cli.repository;

import elysia.cli.output.Console;
import elysia.cli.output.Text;
import elysia.core.diagnose.Check;
import elysia.core.diagnose.Check.Status;
import elysia.core.diagnose.Diagnosis;

/// The findings about a repository, for a person: what is wrong with its consequence and the next
/// step, the rest in one line each.
final class Findings {
  private static final String INDENT = " ".repeat(26);

  private final Console console;

  Findings(Console console) {
    this.console = console;
  }

  void print(Diagnosis found) {
    found.checks().forEach(this::print);
    console.data("");
    console.data(console.bold(Text.safe(found.name())) + ": " + verdict(found));
  }

  private void print(Check check) {
    String area = check.area().label();
    console.data(mark(check.status()) + "  " + area + " ".repeat(Math.max(1, 16 - area.length()))
        + Text.safe(check.message()));
    if (check.status() == Status.OK)
      return;
    if (!check.consequence().isEmpty())
      console.data(INDENT + Text.safe(check.consequence()));
    if (!check.advice().isEmpty())
      console.data(INDENT + "Next: " + Text.safe(check.advice()));
    for (String command : check.commands())
      console.data(INDENT + "  " + console.bold(Text.safe(command)));
  }

  private String mark(Status status) {
    return switch (status) {
      case OK -> console.green("ok      ");
      case WARNING -> console.yellow("warning ");
      case FAILED -> console.red("FAILED  ");
    };
  }

  private String verdict(Diagnosis found) {
    long failed = found.checks().stream().filter(c -> c.status() == Status.FAILED).count();
    long warnings = found.checks().stream().filter(c -> c.status() == Status.WARNING).count();
    return switch (found.result()) {
      case OK -> console.green("all is well");
      case WARNING -> console.yellow(Text.count(warnings, "warning"));
      case FAILED -> console.red(Text.number(failed) + " failed")
          + (warnings == 0 ? "" : ", " + Text.count(warnings, "warning"));
    };
  }
}
