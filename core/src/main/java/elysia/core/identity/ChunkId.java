package elysia.core.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// The identity of a chunk in the vector store: a name-based UUID (RFC 9562, version 5) in the
/// URL namespace.
public final class ChunkId {
  private static final UUID URL_NAMESPACE = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

  private ChunkId() {}

  /// `uuid5(URL, "{collection}:{repo}/{path}")` for a file's first chunk, `…#{n}` appended for
  /// chunk n ≥ 1.
  ///
  /// @param chunk position in the file, from 0
  public static UUID of(CollectionName collection, RepositoryName repo, FilePath path, int chunk) {
    String name = collection.value() + ":" + repo.value() + "/" + path.value()
        + (chunk == 0 ? "" : "#" + chunk);
    return uuid5(URL_NAMESPACE, name);
  }

  static UUID uuid5(UUID namespace, String name) {
    MessageDigest sha1;
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
    sha1.update(ByteBuffer.allocate(16).putLong(namespace.getMostSignificantBits())
        .putLong(namespace.getLeastSignificantBits()).flip());
    ByteBuffer digest = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
    long high = (digest.getLong() & ~0xf000L) | 0x5000L;
    long low = (digest.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low);
  }
}
