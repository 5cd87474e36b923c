package elysia.cli.output;

import java.io.PrintWriter;

/// Standard output for data, standard error for everything else, with one line of progress that
/// rewrites itself on a terminal. Text given here is printed as it is: what comes from outside is
/// made printable before. Thread-safe, since an interrupt may speak at any time.
public final class Console {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final boolean colour;
  private final boolean quiet;
  private final int width;
  private boolean progressShown;

  /// @param width columns of the terminal
  public Console(PrintWriter out, PrintWriter err, boolean terminal, boolean colour, boolean quiet,
      int width) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.colour = colour;
    this.quiet = quiet;
    this.width = width;
  }

  /// Whether a person watches: progress redraws, questions may be asked.
  public boolean terminal() {
    return terminal;
  }

  public boolean quiet() {
    return quiet;
  }

  /// A line of data.
  public synchronized void data(String line) {
    clearProgress();
    out.print(line);
    out.print('\n');
    out.flush();
  }

  /// Whether nobody reads standard output any more, as behind `| head`, or it cannot be written.
  public synchronized boolean closed() {
    return out.checkError();
  }

  /// A line that helps a person and that nothing depends on; left out when quiet.
  public synchronized void note(String line) {
    if (!quiet)
      error(line);
  }

  /// A line that a person must see.
  public synchronized void error(String line) {
    clearProgress();
    err.print(line);
    err.print('\n');
    err.flush();
  }

  /// Replaces the progress line; nothing off a terminal.
  public synchronized void progress(String line) {
    if (quiet || !terminal)
      return;
    err.print('\r' + (line.length() < width ? line : line.substring(0, width - 1)) + "\u001b[K");
    err.flush();
    progressShown = true;
  }

  public synchronized void clearProgress() {
    if (progressShown) {
      err.print("\r\u001b[K");
      err.flush();
      progressShown = false;
    }
  }

  public String bold(String text) {
    return colour("1", text);
  }

  public String dim(String text) {
    return colour("2", text);
  }

  public String red(String text) {
    return colour("31", text);
  }

  public String green(String text) {
    return colour("32", text);
  }

  public String yellow(String text) {
    return colour("33", text);
  }

  private String colour(String code, String text) {
    return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
