package elysia.git.object;

import elysia.core.identity.FilePath;
import elysia.git.command.Git;
import elysia.git.command.ObjectDatabase;
import elysia.git.process.Running;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sizes and contents of objects, by two `git cat-file` that stay open.
public final class Blobs implements AutoCloseable {
  /// So many questions fit into a pipe while Git is still writing answers.
  private static final int WINDOW = 256;
  private static final String BLOB = "blob ";
  private static final int WINDOW_OF_CONTENTS = 32;

  /// An object that should be there is not, or is no blob.
  public static final class MissingException extends IOException {
    public MissingException(String object) {
      super("object " + object + " is missing");
    }
  }

  private final Git git;
  private final ObjectDatabase objects;
  private Optional<Running> sizes = Optional.empty();
  private Optional<Running> contents = Optional.empty();

  public Blobs(Git git, ObjectDatabase objects) {
    this.git = git;
    this.objects = objects;
  }

  /// Sizes in bytes, in order; empty for an object that is missing or is no blob.
  public List<Optional<Long>> sizes(List<String> blobs) throws IOException {
    if (sizes.isEmpty())
      sizes = Optional.of(open("--batch-check=%(objecttype) %(objectsize)"));
    List<Optional<Long>> all = new ArrayList<>(blobs.size());
    for (int start = 0; start < blobs.size(); start += WINDOW) {
      List<String> window = blobs.subList(start, Math.min(blobs.size(), start + WINDOW));
      sizes.get().exchange((out, in) -> {
        ask(in, window);
        for (String _ : window)
          all.add(size(line(out)));
        return all;
      });
    }
    return all;
  }

  /// Whether a commit surely does not have a path; false for one that cannot be asked for.
  public boolean lacks(String commit, FilePath path) throws IOException {
    byte[] bytes = path.bytes();
    if (!path.safe() || path.value().indexOf('\n') >= 0 || bytes[bytes.length - 1] == '\r')
      return false;
    if (sizes.isEmpty())
      sizes = Optional.of(open("--batch-check=%(objecttype) %(objectsize)"));
    return sizes.get().exchange((out, in) -> {
      in.write((commit + ":").getBytes(StandardCharsets.US_ASCII));
      in.write(bytes);
      in.write('\n');
      in.flush();
      return line(out).endsWith(" missing");
    });
  }

  private static Optional<Long> size(String line) {
    return line.startsWith(BLOB)
        ? Optional.of(Long.parseLong(line.substring(BLOB.length())))
        : Optional.empty();
  }

  /// Contents, in order.
  public List<byte[]> contents(List<String> blobs) throws IOException {
    if (contents.isEmpty())
      contents = Optional.of(open("--batch=%(objecttype) %(objectsize)"));
    List<byte[]> all = new ArrayList<>(blobs.size());
    for (int start = 0; start < blobs.size(); start += WINDOW_OF_CONTENTS) {
      List<String> window = blobs.subList(start,
          Math.min(blobs.size(), start + WINDOW_OF_CONTENTS));
      contents.get().exchange((out, in) -> {
        ask(in, window);
        for (String blob : window) {
          Optional<Long> known = size(line(out));
          if (known.isEmpty())
            throw new MissingException(blob);
          int size = Math.toIntExact(known.get());
          byte[] bytes = out.readNBytes(size);
          if (bytes.length != size || out.read() != '\n')
            throw new IOException("git cat-file ended in an object");
          all.add(bytes);
        }
        return all;
      });
    }
    return all;
  }

  private Running open(String format) throws IOException {
    return git.commands().open(git.reading(objects, Map.of(), "cat-file", format));
  }

  private static void ask(OutputStream in, List<String> blobs) throws IOException {
    for (String blob : blobs)
      in.write((blob + "\n").getBytes(StandardCharsets.US_ASCII));
    in.flush();
  }

  private static String line(InputStream out) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = out.read(); c != '\n'; c = out.read()) {
      if (c < 0)
        throw new IOException("git cat-file ended");
      line.append((char) c);
    }
    return line.toString();
  }

  @Override
  public void close() {
    sizes.ifPresent(Running::close);
    contents.ifPresent(Running::close);
  }
}
