package elysia.cli.index;

/// Why a line cannot be sent. Carries no stack: it is an answer.
@SuppressWarnings("serial")
final class Unusable extends Exception {
  static final String MISSING = "missing";
  static final String NO_FILE = "no_file";
  static final String TOO_LARGE = "too_large";
  /// It is there and not stored as a file of its repository; the text says what it is.
  static final String NOT_STORED = "not_stored";

  private final String code;

  Unusable(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
