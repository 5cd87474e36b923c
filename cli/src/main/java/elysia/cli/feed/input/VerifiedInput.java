package elysia.cli.feed.input;

import elysia.core.identity.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/// A file as it was when it was identified: what is added to it later is not read, and when other
/// content was read in the end, that end is an error.
public final class VerifiedInput extends FilterInputStream {
  private static final int PIECE = 1 << 16;

  private final Inputs.Identity identity;
  private final MessageDigest digest = Sha256.digest();
  private long left;

  public VerifiedInput(InputStream file, Inputs.Identity identity) {
    super(file);
    this.identity = identity;
    this.left = identity.size();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0)
      return -1;
    int count = in.read(bytes, from, (int) Math.min(length, left));
    if (count > 0)
      digest.update(bytes, from, count);
    left -= Math.max(0, count);
    if (count < 0 || (left == 0 && changed()))
      throw new IOException("it was changed while it was read; "
          + "run the same command again when nobody writes to it any more");
    return count;
  }

  private boolean changed() {
    return !HexFormat.of().formatHex(digest.digest()).equals(identity.hash());
  }

  /// What was done before is read again, to see whether it is still that.
  @Override
  public long skip(long count) throws IOException {
    byte[] piece = new byte[PIECE];
    long skipped = 0;
    while (skipped < count) {
      int read = read(piece, 0, (int) Math.min(piece.length, count - skipped));
      if (read < 0)
        break;
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
