package elysia.git.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Reads a stream to its end and keeps its head and its tail.
final class Excerpt {
  private static final int HEAD = 8 * 1024;
  private static final int TAIL = 16 * 1024;

  private final byte[] head = new byte[HEAD];
  private final byte[] tail = new byte[TAIL];
  private long length;

  void readAll(InputStream in) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer))
      add(buffer, n);
  }

  private synchronized void add(byte[] bytes, int count) {
    for (int i = 0; i < count; i++, length++) {
      if (length < HEAD)
        head[(int) length] = bytes[i];
      else
        tail[(int) ((length - HEAD) % TAIL)] = bytes[i];
    }
  }

  synchronized String text() {
    String first = new String(head, 0, (int) Math.min(length, HEAD), StandardCharsets.UTF_8);
    long rest = length - HEAD;
    if (rest <= 0)
      return first;
    if (rest <= TAIL)
      return first + new String(tail, 0, (int) rest, StandardCharsets.UTF_8);
    int start = (int) (rest % TAIL);
    return first + "\n[…]\n" + new String(tail, start, TAIL - start, StandardCharsets.UTF_8)
        + new String(tail, 0, start, StandardCharsets.UTF_8);
  }
}
