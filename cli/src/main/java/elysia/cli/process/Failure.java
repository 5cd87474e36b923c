package elysia.cli.process;

import java.util.Optional;

/// Ends a command with an exit code, what went wrong and what to do next.
@SuppressWarnings("serial")
public final class Failure extends RuntimeException {
  private final int exitCode;
  private final String hint;
  private final Optional<String> code;

  public Failure(int exitCode, String message, String hint) {
    this(exitCode, message, hint, Optional.empty());
  }

  /// @param code of the server's problem document
  public Failure(int exitCode, String message, String hint, Optional<String> code) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
    this.code = code;
  }

  /// The same with the cause that `--verbose` shows.
  public Failure because(Throwable cause) {
    initCause(cause);
    return this;
  }

  public static Failure usage(String message, String hint) {
    return new Failure(ExitCode.USAGE, message, hint);
  }

  public static Failure interrupted() {
    return new Failure(ExitCode.INTERRUPTED, "interrupted", "");
  }

  public int exitCode() {
    return exitCode;
  }

  /// Empty when the message says it all.
  public String hint() {
    return hint;
  }

  public Optional<String> code() {
    return code;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
