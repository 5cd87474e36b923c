package elysia.cli.output;

import java.util.Locale;

/// How data is written to standard output.
public enum Format {
  /// For a person.
  TABLE,
  /// One indented document.
  JSON,
  /// One document per line.
  JSONL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
