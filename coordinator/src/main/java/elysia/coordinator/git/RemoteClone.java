package elysia.coordinator.git;

import elysia.git.command.Git;
import elysia.git.command.ObjectDatabase;
import elysia.git.process.Exit;
import elysia.git.repository.RefName;
import elysia.git.repository.Refs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A clone of ours: one branch of a remote, a real `.git` folder, and a work tree in which nothing
/// is ever checked out (its sparse patterns match no file), so that any tool that pulls clones can
/// pull it and no filter ever sees a file.
///
/// @param folder that holds `.git`
record RemoteClone(Path folder) {
  /// What the remote's HEAD was at the last fetch, where no branch was named to follow.
  static final RefName REMOTE_HEAD = new RefName("refs/elysiactl/remote-head");
  /// Fetches that failed, one after another, although the remote answered, after which a clone is
  /// made again.
  private static final int MAX_FAILED_FETCHES = 3;

  Path gitFolder() {
    return folder.resolve(".git");
  }

  private Path damage() {
    return gitFolder().resolve("elysiactl-damaged");
  }

  private Path failedFetches() {
    return gitFolder().resolve("elysiactl-failed-fetches");
  }

  /// Whether it is a clone of this URL in this format that nobody found to be damaged.
  boolean usable(String url, String format) {
    try {
      String config = Files.readString(gitFolder().resolve("config"),
          StandardCharsets.ISO_8859_1);
      return !Files.exists(damage()) && Files.isRegularFile(gitFolder().resolve("HEAD"))
          && Files.isDirectory(gitFolder().resolve("objects"))
          && config.contains("\nurl = " + quoted(url) + "\n")
          && config.contains("\nobjectformat = " + format + "\n");
    } catch (IOException e) { // not there, or not readable: it is made again
      return false;
    }
  }

  /// `sha1` or `sha256`.
  String format() throws IOException {
    return Files.readString(gitFolder().resolve("config"), StandardCharsets.ISO_8859_1)
        .contains("\nobjectformat = sha256\n")
            ? "sha256"
            : "sha1";
  }

  /// An empty clone of this URL.
  void create(String url, Tip tip, String format) throws IOException {
    for (String part : List.of("objects/pack", "objects/info", "refs")) // as `git init` makes them
      Files.createDirectories(gitFolder().resolve(part));
    Files.createDirectories(gitFolder().resolve("info"));
    Files.writeString(gitFolder().resolve("info/sparse-checkout"), "!/*\n");
    configure(url, tip, format, false);
  }

  /// Writes its whole configuration, when it is not what it should be.
  ///
  /// @param followHead whether every fetch also tells where the remote's HEAD stands
  void configure(String url, Tip tip, String format, boolean followHead) throws IOException {
    String branch = branchRef(tip).bytes().substring("refs/heads/".length());
    String config = """
        [core]
        repositoryformatversion = 1
        bare = false
        hooksPath = /dev/null
        attributesFile = /dev/null
        fsmonitor = false
        sparseCheckout = true
        sparseCheckoutCone = false
        logAllRefUpdates = true
        [extensions]
        objectformat = %s
        [remote "origin"]
        url = %s
        fetch = %s
        %stagOpt = --no-tags
        [branch %s]
        remote = origin
        merge = %s
        [pull]
        ff = only
        rebase = false
        [fetch]
        recurseSubmodules = false
        [submodule]
        recurse = false
        [gc]
        auto = 0
        [maintenance]
        auto = false
        """.formatted(format, quoted(url), quotedBytes(tip.refspec()),
        followHead && tip.branch().isPresent() ? "fetch = +HEAD:" + REMOTE_HEAD.bytes() + "\n" : "",
        quotedBytes(branch), quotedBytes(tip.source().bytes()));
    follow(branchRef(tip).bytes());
    Path file = gitFolder().resolve("config");
    if (Files.exists(file) && Files.readString(file, StandardCharsets.ISO_8859_1).equals(config))
      return;
    Path draft = gitFolder().resolve("config.elysiactl");
    Files.writeString(draft, config, StandardCharsets.ISO_8859_1);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void follow(String branch) throws IOException {
    Path head = gitFolder().resolve("HEAD");
    String text = "ref: " + branch + "\n";
    if (Files.exists(head) && Files.readString(head, StandardCharsets.ISO_8859_1).equals(text))
      return;
    Files.deleteIfExists(gitFolder().resolve("index")); // it stands for another branch
    Files.writeString(head, text, StandardCharsets.ISO_8859_1);
  }

  /// The branch that is checked out in it.
  static RefName branchRef(Tip tip) {
    return RefName.ofBranch(tip.branch().orElse("HEAD"));
  }

  private static String quoted(String text) {
    return quotedBytes(new String(text.getBytes(StandardCharsets.UTF_8),
        StandardCharsets.ISO_8859_1));
  }

  private static String quotedBytes(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /// The object that a reference of ours names.
  Optional<String> ref(Git git, RefName ref) {
    return Optional.ofNullable(refs(git).get(ref.bytes()));
  }

  /// All its references and the objects that they name: few, for one branch is followed.
  Map<String, String> refs(Git git) {
    return Refs.all(git.runBytes(git.inClone(gitFolder(), folder, "for-each-ref", Refs.FORMAT),
        ""));
  }

  /// Runs commands of `git update-ref --stdin -z`, one character per byte.
  ///
  /// @return whether all were done
  boolean updateRefs(Git git, String commands) {
    return git.runBytes(git.inClone(gitFolder(), folder, "update-ref", "--stdin", "-z"),
        commands) instanceof Exit.Finished finished && finished.ok();
  }

  /// Deletes the histories of its references, which nobody reads.
  ///
  /// @return whether there were any
  boolean deleteReflogs() throws IOException {
    return delete(gitFolder().resolve("logs"));
  }

  /// Counts a fetch that failed.
  ///
  /// @return whether it is time to make the clone again
  boolean failedOnceMore() throws IOException {
    int failed = 1;
    if (Files.exists(failedFetches()))
      failed += Math.toIntExact(Files.size(failedFetches()));
    Files.writeString(failedFetches(), ".".repeat(failed));
    return failed >= MAX_FAILED_FETCHES;
  }

  void fetched() throws IOException {
    Files.deleteIfExists(failedFetches());
  }

  ObjectDatabase objects() throws IOException {
    return new ObjectDatabase(gitFolder().resolve("objects"), format());
  }

  /// The commit at whose reading it turned out to be broken.
  Optional<String> damagedAt() throws IOException {
    return Files.exists(damage()) ? Optional.of(Files.readString(damage())) : Optional.empty();
  }

  private Path madeFor() {
    return gitFolder().resolve("elysiactl-made-for-damage");
  }

  /// Remembers that it takes the place of one that was broken at this commit.
  void madeForDamage(String commit) {
    write(madeFor(), commit);
  }

  /// Whether the one before it was broken at this commit, too: then the remote's is.
  boolean wasMadeForDamageAt(String commit) {
    try {
      return Files.readString(madeFor()).equals(commit);
    } catch (IOException e) { // it was not made for any
      return false;
    }
  }

  /// Remembers that it is broken: the next pull makes it again.
  void damaged(String commit) {
    write(damage(), commit);
  }

  private void write(Path file, String text) {
    try {
      if (Files.isDirectory(gitFolder()))
        Files.writeString(file, text);
    } catch (IOException e) { // a disk that cannot be written: the next pull will say so
      return;
    }
  }

  /// Makes the branch and the index stand where the remote's branch was last seen, so that a pull
  /// is a fast-forward in a clean work tree.
  ///
  /// @return whether it does
  boolean alignWorkTree(Git git, Tip tip) throws IOException {
    Map<String, String> refs = refs(git);
    String seen = refs.get(tip.tracking().bytes());
    String branch = branchRef(tip).bytes();
    if (seen == null)
      return true; // nothing yet: the first pull makes the branch
    if (seen.equals(refs.get(branch)) && Files.exists(gitFolder().resolve("index")))
      return true;
    for (String file : new String[]{"index", "MERGE_HEAD"})
      Files.deleteIfExists(gitFolder().resolve(file));
    return updateRefs(git, "update " + branch + "\0" + seen + "\0\0")
        && git.run(git.inClone(gitFolder(), folder, "read-tree", "-m", "-u",
            seen)) instanceof Exit.Finished finished
        && finished.ok();
  }

  /// A place beside it for one that is being made.
  RemoteClone draft() {
    return beside(".part~");
  }

  private RemoteClone beside(String kind) {
    return new RemoteClone(
        folder.resolveSibling(kind + folder.getFileName() + "~" + UUID.randomUUID()));
  }

  /// Takes the place of another, at once.
  void replace(RemoteClone other) throws IOException {
    RemoteClone old = other.beside(".old~");
    if (Files.exists(other.folder, LinkOption.NOFOLLOW_LINKS))
      Files.move(other.folder, old.folder, StandardCopyOption.ATOMIC_MOVE);
    Files.move(folder, other.folder, StandardCopyOption.ATOMIC_MOVE);
    old.deleteIfPossible();
  }

  /// Removes what a killed node has left half-made of it.
  void sweep() throws IOException {
    Path clones = folder.resolveSibling(".");
    try (Stream<Path> files = Files.list(clones)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(".part~" + folder.getFileName() + "~")
            || name.startsWith(".old~" + folder.getFileName() + "~"))
          new RemoteClone(file).deleteIfPossible();
      }
    }
  }

  private void deleteIfPossible() {
    try {
      delete();
    } catch (IOException e) { // it takes room, and the next pull tries again
      return;
    }
  }

  /// Deletes it; symbolic links are not followed.
  void delete() throws IOException {
    delete(folder);
  }

  private static boolean delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS))
      return false;
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
          throws IOException {
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
      }
    });
    return true;
  }
}
