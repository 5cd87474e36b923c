package elysia.cli.feed.content;

/// Why a line cannot be sent. Carries no stack: it is an answer.
@SuppressWarnings("serial")
public final class UnsendableLine extends Exception {
  public static final String MISSING = "missing";
  public static final String NO_FILE = "no_file";
  public static final String TOO_LARGE = "too_large";
  /// It is there and not stored as a file of its repository; the text says what it is.
  public static final String NOT_STORED = "not_stored";

  private final String code;

  public UnsendableLine(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public String code() {
    return code;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
