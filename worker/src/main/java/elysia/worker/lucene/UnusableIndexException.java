package elysia.worker.lucene;

/// The folder of the embedded store cannot be opened; the message names it and says what to do.
public final class UnusableIndexException extends RuntimeException {
  UnusableIndexException(String message, Throwable cause) {
    super(message, cause);
  }
}
