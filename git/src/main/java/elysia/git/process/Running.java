package elysia.git.process;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// A running program that is talked to, one exchange at a time, each within the command's deadline.
/// Used by one thread at a time. Closing it ends it with its children.
public final class Running implements AutoCloseable {
  /// One exchange with the program.
  @FunctionalInterface
  public interface Exchange<T> {
    T with(InputStream output, OutputStream input) throws IOException;
  }

  /// The program did not answer within the deadline and was ended.
  public static final class DeadlineException extends IOException {
    DeadlineException(Command command) {
      super(command.arguments().getFirst() + ": no answer within " + command.deadline());
    }
  }

  /// Something ended the program before it came to its end.
  public static final class InterruptedProgramException extends IOException {
    public InterruptedProgramException(String message) {
      super(message);
    }
  }

  /// Exit statuses that stand for signals: 128 and their number.
  private static final int SIGNALS = 128;
  private static final int LAST_SIGNAL = 64;
  /// What a program whose pipe broke has to end.
  private static final Duration END = Duration.ofMillis(200);

  private final Commands commands;
  private final Command command;
  private final Process process;
  private final OutputStream input;
  private final Excerpt errors = new Excerpt();
  private final Thread errorReader;
  private volatile boolean expired;

  Running(Commands commands, Command command, Process process) {
    this.commands = commands;
    this.command = command;
    this.process = process;
    this.input = new BufferedOutputStream(process.getOutputStream());
    this.errorReader = Thread.startVirtualThread(() -> {
      try (InputStream stderr = process.getErrorStream()) {
        errors.readAll(stderr);
      } catch (IOException e) { // the process was ended under it
        process.destroyForcibly();
      }
    });
  }

  /// Writes and reads; what was written is flushed by the exchange itself.
  ///
  /// @throws DeadlineException when it took too long: the program is gone then
  /// @throws InterruptedProgramException when something else ended the program
  /// @throws IOException when the program ended or its pipes broke
  public <T> T exchange(Exchange<T> exchange) throws IOException {
    ScheduledFuture<?> watch = commands.at(command.deadline(), this::expire);
    try {
      T result = exchange.with(process.getInputStream(), input);
      if (expired)
        throw new DeadlineException(command);
      return result;
    } catch (IOException e) {
      if (expired)
        throw new DeadlineException(command);
      if (hasEnded() && (bySignal() || isShort()))
        throw new InterruptedProgramException(reason());
      throw e;
    } finally {
      watch.cancel(false);
    }
  }

  private boolean hasEnded() {
    try {
      return process.waitFor(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  private boolean bySignal() {
    int code = process.exitValue();
    return code > SIGNALS && code <= SIGNALS + LAST_SIGNAL;
  }

  /// Whether it ended because the machine was short of something.
  private boolean isShort() {
    try {
      errorReader.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return process.exitValue() != 0 && Shortage.said(errorText());
  }

  private String reason() {
    if (!bySignal())
      return command.arguments().getFirst() + ": the machine is short of memory, threads or files: "
          + errorText().strip();
    return command.arguments().getFirst() + " was ended by signal "
        + (process.exitValue() - SIGNALS);
  }

  private void expire() {
    expired = true;
    kill();
  }

  void kill() {
    commands.kill(process);
  }

  /// Waits until it has ended by itself, at most for the deadline; its stdin is closed.
  public Exit finish() {
    return finish("", command.deadline());
  }

  Exit finish(String output, Duration within) {
    long until = System.nanoTime() + within.toNanos();
    try {
      closeInput();
      if (expired || !process.waitFor(within)) {
        kill();
        return new Exit.TimedOut(command.deadline(), errorText());
      }
      if (!errorReader.join(Duration.ofNanos(Math.max(1, until - System.nanoTime()))))
        kill(); // a child that stayed behind holds the pipe
      if (expired)
        return new Exit.TimedOut(command.deadline(), errorText());
      return bySignal() || isShort()
          ? new Exit.Interrupted(reason())
          : new Exit.Finished(process.exitValue(), output, errorText());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
      return new Exit.TimedOut(command.deadline(), errorText());
    } finally {
      commands.forget(this);
    }
  }

  private void closeInput() {
    try {
      input.close();
    } catch (IOException e) { // it ended before it read everything: its status tells
      return;
    }
  }

  /// What it has written to stderr so far, head and tail.
  public String errorText() {
    return errors.text();
  }

  @Override
  public void close() {
    commands.forget(this);
    if (process.isAlive())
      kill();
    try {
      process.getInputStream().close();
      process.waitFor(command.deadline().toNanos(), TimeUnit.NANOSECONDS);
    } catch (IOException e) { // nothing of it is wanted any more
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
