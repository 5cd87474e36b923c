package elysia.cli.repository;

import elysia.cli.process.Failure;
import elysia.core.repository.RepositoryStatus;
import elysia.core.repository.RepositoryStatus.State;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A filter of repositories: all of its fields match, each one of the values given for it.
record RepositoryFilter(Map<String, Set<String>> fields) implements Predicate<RepositoryStatus> {
  static final String HELP = "those with state=…, collection=… or branch=…; state=failed are those"
      + " with an error or failed files";
  private static final String FAILED = "failed";
  private static final Set<String> NAMES = Set.of("state", "collection", "branch");

  /// @throws Failure a field or a state does not exist
  static RepositoryFilter of(List<String> filters) {
    Map<String, Set<String>> fields = new TreeMap<>();
    for (String filter : filters) {
      int equals = filter.indexOf('=');
      String field = equals < 0 ? filter : filter.substring(0, equals);
      if (equals < 0 || !NAMES.contains(field))
        throw Failure.usage("--filter: \"" + filter + "\" (expected: state=…, collection=… or"
            + " branch=…)", "");
      String value = filter.substring(equals + 1);
      if (field.equals("state") && !states().contains(value.toLowerCase(Locale.ROOT)))
        throw Failure.usage("--filter: \"" + filter + "\" (expected: "
            + states().stream().collect(Collectors.joining(", ")) + ")", "");
      fields.computeIfAbsent(field, _ -> new TreeSet<>()).add(value);
    }
    return new RepositoryFilter(fields);
  }

  private static List<String> states() {
    return Stream.concat(Arrays.stream(State.values()).map(State::label), Stream.of(FAILED))
        .toList();
  }

  @Override
  public boolean test(RepositoryStatus status) {
    return fields.entrySet().stream().allMatch(field -> field.getValue().stream()
        .anyMatch(value -> matches(status, field.getKey(), value)));
  }

  private static boolean matches(RepositoryStatus status, String field, String value) {
    return switch (field) {
      case "state" -> value.equalsIgnoreCase(FAILED)
          ? status.trouble().isPresent() || status.failures() > 0
          : value.equalsIgnoreCase(status.state().label());
      case "collection" -> value.equals(status.collection());
      default -> status.branch().filter(value::equals).isPresent();
    };
  }
}
