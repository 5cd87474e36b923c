package elysia.cli.index;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// What a run works through.
interface Job extends AutoCloseable {
  /// As the user calls it.
  String name();

  /// Empty for what can be read only once.
  Optional<Inputs.Identity> identity();

  InputStream open();

  Origin origin();

  /// A line has failed.
  void failed(long line);

  /// All lines were read and are done or have failed.
  ///
  /// @throws IOException
  ///           what it is to remember cannot be written
  void done() throws IOException;

  @Override
  void close();
}
