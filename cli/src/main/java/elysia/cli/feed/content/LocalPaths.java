package elysia.cli.feed.content;

import elysia.core.identity.FilePath;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/// Between the bytes of a file's name and this machine's paths, for names of any bytes. The text of
/// a path loses bytes that are not UTF-8; its URI does not.
public final class LocalPaths {
  private static final int LONGEST_CHARACTER = 4;

  private LocalPaths() {}

  /// @throws UnsendableLine this machine has no such paths
  public static Path resolve(Path base, FilePath path) throws UnsendableLine {
    byte[] bytes = path.bytes();
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes))
        return base.resolve(text).normalize();
      String escaped = escape(bytes);
      String start = bytes[0] == '/' ? "" : withoutSlash(base.toUri().getRawPath()) + "/";
      return Path.of(URI.create("file://" + start + escaped)).normalize();
    } catch (InvalidPathException e) {
      throw new UnsendableLine("bad_path", "this machine cannot name the file: " + e.getReason());
    } catch (IllegalArgumentException e) {
      throw new UnsendableLine("bad_path", "this machine cannot name the file");
    }
  }

  /// The path of a file inside a folder.
  ///
  /// @throws IllegalArgumentException the file is the folder itself
  public static FilePath relative(Path folder, Path file) {
    String top = withoutSlash(folder.toUri().getRawPath());
    String all = withoutSlash(file.toUri().getRawPath());
    return FilePath
        .ofBytes(all.length() <= top.length() ? new byte[0] : unescape(all, top.length() + 1));
  }

  /// A file beside another: its name, and an end.
  ///
  /// @param longest bytes of a name; the first one is cut where both would be longer
  public static Path beside(Path file, String end, int longest) {
    String all = withoutSlash(file.toUri().getRawPath());
    int name = all.lastIndexOf('/') + 1;
    byte[] bytes = unescape(all, name);
    int cut = Math.min(bytes.length, longest - end.length());
    for (int i = 1; i < LONGEST_CHARACTER && cut < bytes.length && (bytes[cut] & 0xC0) == 0x80; i++)
      cut--;
    return Path.of(URI.create("file://" + all.substring(0, name)
        + escape(Arrays.copyOf(bytes, cut)) + escape(end.getBytes(StandardCharsets.UTF_8))));
  }

  /// As a line of the change contract names it: a name that would mean something else there
  /// is quoted.
  public static String text(FilePath path) {
    String value = path.value();
    if (value.startsWith("\"") || (value.indexOf('\\') < 0 && !value.contains(" -> ")))
      return value;
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 3);
    for (byte b : bytes)
      if (b == '/' || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z'))
        text.append((char) b);
      else
        text.append(String.format("%%%02X", b & 0xff));
    return text.toString();
  }

  private static byte[] unescape(String text, int from) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = from; i < text.length(); i++)
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else
        bytes.write(text.charAt(i));
    return bytes.toByteArray();
  }
}
