package elysia.cli.feed.detect;

import elysia.cli.feed.content.UnsendableLine;
import elysia.cli.process.Failure;
import elysia.core.identity.FilePath;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What Git knows of a work tree's commits. Nothing of the repository's own runs: no hooks, no
/// filters, no fetching of what is not there.
public final class Git implements AutoCloseable {
  /// A file of a commit, or one that the commit no longer has.
  ///
  /// @param blob
  ///          empty for one that is gone
  public record Entry(FilePath path, boolean isNew, Optional<String> blob) {}

  /// Takes files one by one.
  public interface Visitor {
    void visit(Entry entry) throws IOException;
  }

  private static final int LINE = 1 << 16;

  private final Path root;
  private Optional<Asking> contents = Optional.empty();
  private Optional<Asking> checks = Optional.empty();

  private Git(Path root) {
    this.root = root;
  }

  /// @return empty for a folder that is not the top of a work tree
  public static Optional<Git> at(Path root) {
    return Files.exists(root.resolve(".git"), LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(new Git(root))
        : Optional.empty();
  }

  /// The commit that is checked out; empty before the first one.
  public Optional<String> head() throws IOException {
    List<String> said = new ArrayList<>();
    int code = run(out -> said.add(line(out)), "rev-parse", "-q", "--verify", "HEAD^{commit}");
    if (code > 1)
      throw new IOException(root + " is no repository that Git can read");
    return code == 0 ? Optional.of(said.getFirst()) : Optional.empty();
  }

  public boolean has(String commit) throws IOException {
    return run(InputStream::readAllBytes, "cat-file", "-e", commit + "^{commit}") == 0;
  }

  /// Every file of a commit, in the order of paths.
  public void all(String commit, Visitor visitor) throws IOException {
    must(out -> {
      for (String head = field(out, '\t'); !head.isEmpty(); head = field(out, '\t')) {
        FilePath path = path(out);
        if (regular(head))
          visitor.visit(new Entry(path, true, Optional.of(head.split(" ", -1)[2])));
      }
    }, "ls-tree", "-r", "-z", "--full-tree", commit);
  }

  /// What differs between two commits; a rename is a file that is gone and one that is new.
  public void between(String from, String to, Visitor visitor) throws IOException {
    must(out -> {
      for (String head = field(out, '\0'); !head.isEmpty(); head = field(out, '\0')) {
        FilePath path = path(out);
        String[] parts = head.substring(1).split(" ", -1);
        if (regular(parts[1]))
          visitor.visit(new Entry(path, !regular(parts[0]), Optional.of(parts[3])));
        else if (regular(parts[0]))
          visitor.visit(new Entry(path, false, Optional.empty()));
      }
    }, "diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", from, to);
  }

  private static boolean regular(String mode) {
    return mode.startsWith("100");
  }

  /// @throws UnsendableLine
  ///           it is not there, or larger than `max` bytes
  public synchronized byte[] content(String blob, long max) throws UnsendableLine {
    try {
      Asking git = contents.isPresent() ? contents.get() : new Asking("--batch");
      contents = Optional.of(git);
      String[] head = git.ask(blob).split(" ", -1);
      if (head.length < 3 || !head[1].equals("blob"))
        throw absent(blob);
      int size = Integer.parseInt(head[2]);
      byte[] bytes = size > max ? new byte[0] : git.out.readNBytes(size);
      if (size > max)
        git.out.skipNBytes(size);
      git.out.skipNBytes(1);
      if (size > max)
        throw new UnsendableLine(UnsendableLine.TOO_LARGE, "more than " + max + " bytes");
      return bytes;
    } catch (EOFException e) { // one that may not fetch what is not there ends
      contents.ifPresent(Asking::close);
      contents = Optional.empty();
      throw absent(blob);
    } catch (IOException | NumberFormatException e) {
      throw new UnsendableLine("unreadable", "Git cannot read it: " + e);
    }
  }

  private static UnsendableLine absent(String blob) {
    return new UnsendableLine("unreadable", "Git does not have its content (" + blob
        + "); in a partial clone git fetch --refetch --no-filter brings it");
  }

  /// Whether a commit surely does not have a path.
  public synchronized boolean lacks(String commit, FilePath path) {
    if (path.value().indexOf('\n') >= 0 || path.value().startsWith("\""))
      return false; // cannot be asked for
    try {
      Asking git = checks.isPresent() ? checks.get() : new Asking("--batch-check");
      checks = Optional.of(git);
      return git.ask(commit + ":" + path.value()).endsWith(" missing");
    } catch (IOException e) {
      return false;
    }
  }

  private interface Reading {
    void read(InputStream out) throws IOException;
  }

  private void must(Reading reading, String... arguments) throws IOException {
    int code = run(reading, arguments);
    if (code != 0)
      throw new IOException("git " + arguments[0] + " failed in " + root + " (" + code + ")");
  }

  private int run(Reading reading, String... arguments) throws IOException {
    Process process = start(arguments);
    try (InputStream out = new BufferedInputStream(process.getInputStream(), LINE)) {
      process.getOutputStream().close();
      reading.read(out);
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted();
    } finally {
      process.destroy();
    }
  }

  private Process start(String... arguments) {
    List<String> command = new ArrayList<>(
        List.of("git", "-c", "safe.directory=*", "-c", "core.fsmonitor=false"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    // A hook's environment names another repository's folders.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.environment().put("GIT_NO_LAZY_FETCH", "1");
    builder.environment().put("GIT_ALLOW_PROTOCOL", "none");
    builder.environment().put("LC_ALL", "C");
    try {
      return builder.start();
    } catch (IOException e) {
      throw Failure.usage("git cannot be started", "install git").because(e);
    }
  }

  private static String line(InputStream out) throws IOException {
    return field(out, '\n');
  }

  private static String field(InputStream out, char end) throws IOException {
    return new String(bytes(out, end), StandardCharsets.UTF_8);
  }

  private static FilePath path(InputStream out) throws IOException {
    return FilePath.ofBytes(bytes(out, '\0'));
  }

  private static byte[] bytes(InputStream out, char end) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = out.read(); b >= 0 && b != end; b = out.read())
      bytes.write(b);
    return bytes.toByteArray();
  }

  @Override
  public synchronized void close() {
    contents.ifPresent(Asking::close);
    checks.ifPresent(Asking::close);
  }

  /// A `git cat-file` that answers one question after the other.
  private final class Asking {
    private final Process process;
    private final OutputStream in;
    private final InputStream out;

    Asking(String how) {
      process = start("cat-file", how);
      in = process.getOutputStream();
      out = new BufferedInputStream(process.getInputStream(), LINE);
    }

    String ask(String question) throws IOException {
      in.write((question + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      String answer = line(out);
      if (answer.isEmpty())
        throw new EOFException("git ended");
      return answer;
    }

    void close() {
      process.destroy();
    }
  }
}
