package elysia.testkit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The wall clock of one process, which can be set while it runs: by `libfaketime`, preloaded. What
/// measures time (`CLOCK_MONOTONIC`) is left alone, as it is when a machine's clock is set.
public final class WallClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "faketime/libfaketime.so.1";

  private final Path library;
  private final Path file;

  private WallClock(Path library, Path file) {
    this.library = library;
    this.file = file;
  }

  /// Empty where there is no libfaketime.
  ///
  /// @param folder for the file that says what the clock is set to
  public static Optional<WallClock> in(Path folder) {
    return library().map(found -> {
      WallClock clock = new WallClock(found, folder.resolve("wall-clock"));
      clock.set(Duration.ZERO);
      return clock;
    });
  }

  /// In the folder of libraries itself, or in that of an architecture.
  private static Optional<Path> library() {
    try (Stream<Path> folders = Files.list(LIBRARIES)) {
      return Stream.concat(Stream.of(LIBRARIES), folders).map(f -> f.resolve(LIBRARY))
          .filter(Files::isReadable).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Runs a program, which becomes the process, under this clock; see [NodeProcess#within]. Without
  /// the last of these the JVM's timed waits would end at once.
  public List<String> wrapper() {
    return List.of("env", "LD_PRELOAD=" + library, "FAKETIME_TIMESTAMP_FILE=" + file,
        "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_CACHE_DURATION=1",
        "FAKETIME_FORCE_MONOTONIC_FIX=0");
  }

  /// Within a second or so it differs by so much from the machine's.
  public void set(Duration ahead) {
    try {
      Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"),
          "%+d\n".formatted(ahead.toSeconds()));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
