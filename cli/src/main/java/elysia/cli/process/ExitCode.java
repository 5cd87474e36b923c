package elysia.cli.process;

/// The exit codes of the command line.
public final class ExitCode {
  /// All done.
  public static final int OK = 0;
  /// Done in part: some items failed, and they are listed.
  public static final int PARTIAL = 1;
  /// Wrong usage or invalid input.
  public static final int USAGE = 2;
  /// The server or the vector store cannot be reached.
  public static final int UNREACHABLE = 3;
  /// Refused: authentication or permission.
  public static final int REFUSED = 4;
  /// Interrupted; progress is kept.
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
