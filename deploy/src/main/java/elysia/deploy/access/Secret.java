package elysia.deploy.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Makes tokens and their hashes. A token has 256 random bits, so that a plain SHA-256 of it cannot
/// be turned back; salt and slow hashes are for what people think up.
final class Secret {
  /// Prefix of tokens, so that scanners of leaked secrets know them.
  static final String PREFIX = "elysiactl_";
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secret() {}

  static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + HexFormat.of().formatHex(bytes);
  }

  /// Hexadecimal.
  static String hash(String token) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
          .digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// In a time that does not depend on where they differ.
  static boolean same(String hash, String other) {
    return MessageDigest.isEqual(hash.getBytes(StandardCharsets.US_ASCII),
        other.getBytes(StandardCharsets.US_ASCII));
  }
}
