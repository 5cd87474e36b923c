package elysia.cli.output;

/// How data is written to standard output.
public enum Format {
  /// For a person.
  TABLE,
  /// One indented document.
  JSON,
  /// One document per line.
  JSONL
}
