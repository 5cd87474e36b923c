package elysia.http.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpMethod;

/// All endpoints, found by path. A plain segment wins over one in braces.
final class RouteTable {
  /// The result of a look-up.
  sealed interface Match {
    /// @param path values of the template's names
    record Found(Endpoint endpoint, Map<String, String> path) implements Match {}

    /// @param allowed methods, for the Allow header
    record WrongMethod(String template, String allowed) implements Match {}

    record Unknown() implements Match {}
  }

  private record Template(String text, List<String> segments, List<Endpoint> endpoints) {
    Optional<Map<String, String>> match(List<String> path) {
      if (path.size() != segments.size())
        return Optional.empty();
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < path.size(); i++) {
        String segment = segments.get(i);
        if (segment.startsWith("{"))
          values.put(segment.substring(1, segment.length() - 1), path.get(i));
        else if (!segment.equals(path.get(i)))
          return Optional.empty();
      }
      return Optional.of(values);
    }

    long names() {
      return segments.stream().filter(segment -> segment.startsWith("{")).count();
    }
  }

  private final List<Template> templates;

  RouteTable(List<Endpoint> endpoints) {
    Map<String, Template> byText = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      if (!seen.add(endpoint.method().value() + " " + endpoint.template()))
        throw new IllegalArgumentException(
            endpoint.method().value() + " " + endpoint.template() + ": twice");
      byText.computeIfAbsent(endpoint.template(),
          text -> new Template(text, split(text), new ArrayList<>())).endpoints().add(endpoint);
    }
    templates = byText.values().stream()
        .sorted((a, b) -> Long.compare(a.names(), b.names())).toList();
  }

  Match find(HttpMethod method, Iterable<String> segments) {
    List<String> path = new ArrayList<>();
    segments.forEach(path::add);
    for (Template template : templates) {
      Optional<Map<String, String>> values = template.match(path);
      if (values.isEmpty())
        continue;
      for (Endpoint endpoint : template.endpoints())
        if (endpoint.method().equals(method))
          return new Match.Found(endpoint, values.get());
      return new Match.WrongMethod(template.text(), template.endpoints().stream()
          .map(endpoint -> endpoint.method().value()).sorted().collect(Collectors.joining(", ")));
    }
    return new Match.Unknown();
  }

  private static List<String> split(String template) {
    List<String> segments = new ArrayList<>();
    for (String segment : template.split("/", -1))
      if (!segment.isEmpty())
        segments.add(segment);
    return segments;
  }
}
