package elysia.cli.feed.input;

/// The formats of an input, each found at its first line and kept to its end.
public enum InputFormat {
  /// Objects of the change format, one per line.
  OBJECTS(true),
  /// One path per line.
  PATHS(true),
  /// `git diff --name-status`.
  NAME_STATUS(true),
  /// `git diff --raw`.
  RAW(true),
  /// `git status --porcelain`, `git status --short`.
  STATUS_V1(true),
  /// `git status --porcelain=v2`.
  STATUS_V2(true),
  /// `git ls-tree -r`.
  LS_TREE(false),
  /// `git ls-files --stage`.
  LS_FILES(false),
  /// `inotifywait` without `--format`.
  INOTIFY(false);

  private final boolean fromTop;

  InputFormat(boolean fromTop) {
    this.fromTop = fromTop;
  }

  /// Whether its paths begin at the top of the work tree where nothing else decides.
  public boolean fromTop() {
    return fromTop;
  }
}
