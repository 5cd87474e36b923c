package elysia.cli.feed.upload;

import elysia.cli.feed.content.ContentSource;
import elysia.cli.feed.input.Inputs;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The work of one run.
public interface FeedJob extends AutoCloseable {
  /// As the user calls it.
  String name();

  /// Empty for what can be read only once.
  Optional<Inputs.Identity> identity();

  InputStream open();

  ContentSource origin();

  /// A line has failed.
  void failed(long line);

  /// All lines were read and are done or have failed.
  ///
  /// @throws IOException what it is to remember cannot be written
  void done() throws IOException;

  @Override
  void close();
}
