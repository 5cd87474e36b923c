package elysia.cli.api;

import elysia.cli.process.Failure;
import elysia.core.tls.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Whose certificates a client accepts from an HTTPS node.
public final class Trust {
  private final Optional<SSLContext> context;

  private Trust(Optional<SSLContext> context) {
    this.context = context;
  }

  /// Those of the authorities that Java knows.
  public static Trust usual() {
    return new Trust(Optional.empty());
  }

  /// Those of the authorities in a PEM file, and no others.
  ///
  /// @throws Failure when the file cannot be used
  public static Trust of(Path file) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[]{Pem.trusting(Pem.certificates(file))}, null);
      return new Trust(Optional.of(context));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw Failure.usage("--ca-file: \"" + file + "\" (expected: a file with PEM certificates,"
          + " which you can read)", "").because(e);
    }
  }

  /// Empty for the usual one.
  Optional<SSLContext> context() {
    return context;
  }
}
