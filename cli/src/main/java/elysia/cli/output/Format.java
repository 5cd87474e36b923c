package elysia.cli.output;

import java.util.Locale;

/// The formats of data on standard output.
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
