package elysia.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lines of `name: value`, the values in one column. Values are made printable here.
public final class Details {
  private record Line(String name, String value) {}

  private final List<Line> lines = new ArrayList<>();

  public Details add(String name, String value) {
    if (!value.isEmpty())
      lines.add(new Line(name, Text.safe(value)));
    return this;
  }

  public Details add(String name, Optional<String> value) {
    value.ifPresent(text -> add(name, text));
    return this;
  }

  /// The lines, each indented by so many blanks.
  public List<String> lines(int indent) {
    int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
    return lines.stream().map(line -> " ".repeat(indent) + line.name() + ":"
        + " ".repeat(width - line.name().length() + 2) + line.value()).toList();
  }
}
