package elysia.cli.feed.input;

import elysia.core.change.Line;
import elysia.core.change.LinePosition;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Lines of an input, read ahead a little by a thread of its own: small ones. A large line is alone
/// in memory until it has been taken and the next one is asked for.
public final class ReadAhead implements AutoCloseable {
  private static final int READ_AHEAD = 16;
  private static final int LARGE = 1 << 20;

  /// @param line empty at the end
  public record Read(Optional<Line> line, @Nullable IOException error) {}

  private final BlockingQueue<Read> queue = new ArrayBlockingQueue<>(READ_AHEAD);
  private final Tap tap;
  private final Thread reader;
  private final Semaphore done = new Semaphore(0);
  private volatile @Nullable InputHead head;
  private boolean large;

  /// Reads the rest of an input whose head is known.
  ///
  /// @param input its next byte is that at the end of `after`
  public ReadAhead(InputStream input, LinePosition after, InputHead known) {
    head = known;
    tap = new Tap(input, after.end());
    reader = Thread.ofVirtual().start(() -> read(known.reader(tap, after)));
  }

  /// Reads an input from its beginning.
  public ReadAhead(InputStream input, InputHead.Options options) {
    tap = new Tap(input, 0);
    reader = Thread.ofVirtual().start(() -> {
      try {
        InputHead found = InputHead.of(tap, options);
        head = found;
        read(found.reader(found.before(tap), new LinePosition(0, 0, 0)));
      } catch (IOException e) {
        read(() -> {
          throw e;
        });
      }
    });
  }

  /// The head of the input; there once a line has been handed out.
  public Optional<InputHead> head() {
    return Optional.ofNullable(head);
  }

  private void read(LineReader lines) {
    try {
      while (hand(lines)) {
        // until the end
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody wants more
    }
  }

  /// Reads a line and hands it over.
  ///
  /// @return false at the end
  private boolean hand(LineReader lines) throws InterruptedException {
    Read read;
    try {
      read = new Read(lines.next(), null);
    } catch (IOException e) {
      read = new Read(Optional.empty(), e);
    }
    boolean more = read.line().isPresent();
    boolean wait = large(read);
    if (read.line().filter(line -> tap.cutShort(line.position())).isPresent())
      return more;
    queue.put(read);
    if (wait)
      done.acquire();
    return more;
  }

  /// @return null when nothing came within the time
  @Nullable
  public Read next(Duration within) throws InterruptedException {
    if (large)
      done.release();
    Read read = queue.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    large = read != null && large(read);
    return read;
  }

  private static boolean large(Read read) {
    return read.line().filter(line -> line.position().end() - line.position().start() >= LARGE)
        .isPresent();
  }

  /// Takes nothing more from the input; what was taken is still to be had.
  public void shut() {
    tap.shut = true;
  }

  /// Whether all that was taken from the input has been handed out.
  public boolean drained() {
    return tap.waiting && queue.isEmpty();
  }

  @Override
  public void close() {
    shut();
    reader.interrupt();
  }

  /// The input, which can be ended from this side.
  private static final class Tap extends FilterInputStream {
    private volatile boolean shut;
    private volatile boolean waiting;
    private long taken;
    private boolean midLine;

    Tap(InputStream in, long taken) {
      super(in);
      this.taken = taken;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (shut)
        return -1;
      waiting = true;
      int count = in.read(bytes, from, length);
      if (shut)
        return -1; // it waits on for ever where nobody asks any more
      if (count > 0) {
        taken += count;
        midLine = bytes[from + count - 1] != '\n';
      }
      waiting = false;
      return count;
    }

    /// The rest of a line that was being written when this side ended.
    private boolean cutShort(LinePosition position) {
      return shut && midLine && position.end() >= taken;
    }
  }
}
