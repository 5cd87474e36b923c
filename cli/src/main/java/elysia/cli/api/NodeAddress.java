package elysia.cli.api;

import java.net.URI;
import java.util.Optional;

/// Where the node is that commands talk to.
public interface NodeAddress {
  /// Where a node listens that was told nothing else.
  URI DEFAULT = URI.create("http://127.0.0.1:3030");

  /// The best guess, found without asking the network; empty when none can be running.
  Optional<URI> find();

  /// Called when nothing answers there.
  ///
  /// @return the address of a node that was started and is ready; empty when none may be started
  Optional<URI> start();

  /// The token that goes with this address, for those who gave none; empty when there is none.
  default Optional<String> token(URI at) {
    return Optional.empty();
  }

  /// This address and no other.
  static NodeAddress fixed(URI uri) {
    return new NodeAddress() {
      @Override
      public Optional<URI> find() {
        return Optional.of(uri);
      }

      @Override
      public Optional<URI> start() {
        return Optional.empty();
      }
    };
  }
}
