package elysia.git.object;

import elysia.core.chunk.SkipReason;
import elysia.core.identity.FilePath;
import elysia.git.command.Git;
import elysia.git.command.ObjectDatabase;
import elysia.git.command.Stderr;
import elysia.git.process.Exit;
import elysia.git.process.Running;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The entries of a running `git diff-tree --raw -z` or `git ls-tree -r -z`, read as they come.
public final class Entries implements AutoCloseable {
  /// A rename is a file that is gone and one that is new.
  public static final int NO_RENAMES = 0;
  private static final int MAX_TOKEN = 1024 * 1024;

  /// One entry.
  ///
  /// @param oldMode before; 0 when it was not there
  /// @param mode 0 when it is gone
  /// @param renamedFrom its former path, gone
  public record Entry(FilePath path, Optional<FilePath> renamedFrom, int oldMode, int mode,
      String blob, boolean unchanged) {
    public boolean gone() {
      return mode == 0;
    }

    /// Why it is no file to index; empty when it is one, or gone.
    public Optional<SkipReason> skipped() {
      if (gone())
        return Optional.empty();
      if (!path.safe())
        return Optional.of(SkipReason.UNSAFE_PATH);
      return regular(mode) ? Optional.empty() : Optional.of(SkipReason.NOT_A_FILE);
    }

    /// Whether it is a regular file, whatever its path.
    public boolean isFile() {
      return regular(mode);
    }

    public boolean wasFile() {
      return regular(oldMode);
    }

    public boolean put() {
      return !gone() && skipped().isEmpty();
    }
  }

  private final Running git;
  private final boolean diff;
  private Optional<InputStream> output = Optional.empty();
  private boolean ended;

  private Entries(Running git, boolean diff) {
    this.git = git;
    this.diff = diff;
  }

  /// Every entry of a commit.
  public static Entries all(Git git, ObjectDatabase objects, String commit) throws IOException {
    return new Entries(git.commands().open(git.reading(objects, Map.of(), "ls-tree", "-r", "-z",
        "--full-tree", commit)), false);
  }

  /// The differences of two commits.
  ///
  /// @param renameLimit files on each side up to which renames are searched; [#NO_RENAMES] for none
  public static Entries between(Git git, ObjectDatabase objects, String from, String to,
      int renameLimit) throws IOException {
    List<String> renames = renameLimit == NO_RENAMES
        ? List.of("--no-renames")
        : List.of("-M", "-l" + renameLimit);
    List<String> arguments = new ArrayList<>(List.of("diff-tree", "-r", "--raw", "-z"));
    arguments.addAll(renames);
    arguments.addAll(List.of("--no-abbrev", "--no-ext-diff", "--no-textconv",
        "--ignore-submodules=none", from, to));
    return new Entries(git.commands().open(git.reading(objects, Map.of(),
        arguments.toArray(String[]::new))), true);
  }

  /// The next entries; none at the end.
  ///
  /// @throws IOException when Git failed or did not answer in time
  public List<Entry> next(int atMost) throws IOException {
    List<Entry> entries = ended ? List.of() : git.exchange((out, _) -> read(out, atMost));
    if (entries.isEmpty() && !ended) {
      ended = true;
      switch (git.finish()) {
        case Exit.Finished finished when finished.ok() -> {
        }
        case Exit.Interrupted(var reason) -> throw new Running.InterruptedProgramException(reason);
        case Exit _ -> throw new IOException("git " + (diff ? "diff-tree" : "ls-tree") + ": "
            + Stderr.lastLines(git.errorText()));
      }
    }
    return entries;
  }

  private List<Entry> read(InputStream raw, int atMost) throws IOException {
    InputStream in = output.orElseGet(() -> new BufferedInputStream(raw, 1 << 16));
    output = Optional.of(in);
    List<Entry> entries = new ArrayList<>();
    while (entries.size() < atMost) {
      Optional<byte[]> token = token(in);
      if (token.isEmpty())
        break;
      entries.add(diff ? difference(token.get(), in) : listed(token.get()));
    }
    return entries;
  }

  /// `:100644 100644 OLD NEW M`, then the path, after R the old and the new path.
  private static Entry difference(byte[] token, InputStream in) throws IOException {
    String[] fields = new String(token, StandardCharsets.US_ASCII).split(" ", -1);
    if (fields.length != 5 || !fields[0].startsWith(":") || fields[4].isEmpty())
      throw new IOException("git diff-tree: an unexpected line");
    int oldMode = Integer.parseInt(fields[0].substring(1), 8);
    int mode = Integer.parseInt(fields[1], 8);
    FilePath path = FilePath.ofBytes(required(in));
    Optional<FilePath> renamedFrom = Optional.empty();
    if (fields[4].startsWith("R")) {
      renamedFrom = Optional.of(path);
      path = FilePath.ofBytes(required(in));
    }
    boolean unchanged = renamedFrom.isEmpty() && regular(oldMode) && regular(mode)
        && fields[2].equals(fields[3]);
    return new Entry(path, renamedFrom, oldMode, mode, fields[3], unchanged);
  }

  /// `100644 blob OID`, a tab, the path.
  private static Entry listed(byte[] token) throws IOException {
    int tab = 0;
    while (tab < token.length && token[tab] != '\t')
      tab++;
    String[] fields = new String(token, 0, tab, StandardCharsets.US_ASCII).split(" ", -1);
    if (fields.length != 3 || tab + 1 >= token.length)
      throw new IOException("git ls-tree: an unexpected line");
    byte[] path = Arrays.copyOfRange(token, tab + 1, token.length);
    return new Entry(FilePath.ofBytes(path), Optional.empty(), 0, Integer.parseInt(fields[0], 8),
        fields[2], false);
  }

  private static byte[] required(InputStream in) throws IOException {
    return token(in).filter(token -> token.length > 0)
        .orElseThrow(() -> new IOException("git: its output ended in an entry"));
  }

  private static Optional<byte[]> token(InputStream in) throws IOException {
    ByteArrayOutputStream token = new ByteArrayOutputStream(128);
    for (int b = in.read(); b != 0; b = in.read()) {
      if (b < 0 && token.size() > 0)
        throw new IOException("git: its output ended in an entry");
      if (b < 0)
        return Optional.empty();
      token.write(b);
      if (token.size() > MAX_TOKEN)
        throw new IOException("git: a path of more than " + MAX_TOKEN + " bytes");
    }
    return Optional.of(token.toByteArray());
  }

  private static boolean regular(int mode) {
    return (mode & 0170000) == 0100000;
  }

  @Override
  public void close() {
    git.close();
  }
}
