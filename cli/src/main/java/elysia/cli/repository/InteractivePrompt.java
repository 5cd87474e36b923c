package elysia.cli.repository;

import elysia.cli.process.Environment;
import elysia.cli.process.Failure;
import elysia.core.identity.Redacted;
import elysia.core.repository.AddRepository;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Asks a person for what a repository needs, one thing after another, each with a default that
/// Enter takes.
final class InteractivePrompt {
  private final Environment environment;

  InteractivePrompt(Environment environment) {
    this.environment = environment;
  }

  /// @param options what was given on the command line is not asked for
  AddRepository ask(AddOptions options) {
    String location = Location.absolute(environment, ask("Git URL or path", "."));
    options.name = orAsk(options.name, "Name", "from the location");
    options.branch = orAsk(options.branch, "Branch", "the remote's default");
    options.collection = orAsk(options.collection, "Collection", "its own");
    if (options.schedule == null && !options.watch) {
      String schedule = ask("Sync how often (cron, interval or none)", AddOptions.WATCH);
      options.schedule = schedule.equalsIgnoreCase("none") ? null : schedule;
    }
    if (options.include.isEmpty())
      options.include = globs("Only files matching", "all");
    if (options.exclude.isEmpty())
      options.exclude = globs("Leave out files matching", "none");
    String sure = ask("Add " + Redacted.address(location) + "?", "yes");
    if (!sure.toLowerCase(Locale.ROOT).startsWith("y"))
      throw Failure.interrupted();
    return options.request(location);
  }

  private List<String> globs(String what, String preset) {
    String typed = orAsk(null, what, preset);
    return typed == null ? List.of() : List.of(typed);
  }

  private @Nullable String orAsk(@Nullable String given, String what, String preset) {
    if (given != null)
      return given;
    String typed = ask(what, preset);
    return typed.equals(preset) ? null : typed;
  }

  private String ask(String what, String preset) {
    String line = environment.prompt().ask(what + " [" + preset + "]: ");
    if (line == null)
      throw Failure.interrupted();
    return line.isBlank() ? preset : line.strip();
  }
}
