package elysia.coordinator.git;

import elysia.git.command.Git;
import elysia.git.command.ObjectDatabase;
import elysia.git.process.Exit;
import elysia.git.repository.Refs;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A clone of ours: one branch of a remote, a real `.git` folder, and a work tree in which nothing
/// is ever checked out (its sparse patterns match no file), so that any tool that pulls clones can
/// pull it and no filter ever sees a file.
///
/// @param folder
///          that holds `.git`
record RemoteClone(Path folder) {
  /// What the remote's HEAD was at the last fetch, where no branch was named to follow.
  static final String REMOTE_HEAD = "refs/elysiactl/remote-head";

  Path gitFolder() {
    return folder.resolve(".git");
  }

  private Path damage() {
    return gitFolder().resolve("elysiactl-damaged");
  }

  /// Whether it is a clone of this URL in this format that nobody found to be damaged.
  boolean usable(String url, String format) {
    try {
      String config = Files.readString(gitFolder().resolve("config"));
      return !Files.exists(damage()) && Files.isRegularFile(gitFolder().resolve("HEAD"))
          && Files.isDirectory(gitFolder().resolve("objects"))
          && config.contains("\nurl = " + quoted(url) + "\n")
          && config.contains("\nobjectformat = " + format + "\n");
    } catch (IOException e) { // not there, or not readable: it is made anew
      return false;
    }
  }

  /// `sha1` or `sha256`.
  String format() throws IOException {
    return Files.readString(gitFolder().resolve("config")).contains("\nobjectformat = sha256\n")
        ? "sha256"
        : "sha1";
  }

  /// An empty clone of this URL.
  void create(String url, Tip tip, String format) throws IOException {
    Files.createDirectories(gitFolder().resolve("objects"));
    Files.createDirectories(gitFolder().resolve("refs"));
    Files.createDirectories(gitFolder().resolve("info"));
    Files.writeString(gitFolder().resolve("info/sparse-checkout"), "!/*\n");
    configure(url, tip, format, false);
  }

  /// Writes its whole configuration, when it is not what it should be.
  ///
  /// @param followHead
  ///          whether every fetch also tells where the remote's HEAD stands
  void configure(String url, Tip tip, String format, boolean followHead) throws IOException {
    String branch = tip.branch().orElse("HEAD");
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
        """.formatted(format, quoted(url), quoted("+" + tip.source() + ":" + tip.tracking()),
        followHead && tip.branch().isPresent() ? "fetch = +HEAD:" + REMOTE_HEAD + "\n" : "",
        quoted(branch), quoted(tip.source()));
    follow(branchRef(tip));
    Path file = gitFolder().resolve("config");
    if (Files.exists(file) && Files.readString(file).equals(config))
      return;
    Path draft = gitFolder().resolve("config.elysiactl");
    Files.writeString(draft, config);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void follow(String branch) throws IOException {
    Path head = gitFolder().resolve("HEAD");
    String text = "ref: " + branch + "\n";
    if (Files.exists(head) && Files.readString(head).equals(text))
      return;
    Files.deleteIfExists(gitFolder().resolve("index")); // it stands for another branch
    Files.writeString(head, text);
  }

  private static String branchRef(Tip tip) {
    return "refs/heads/" + tip.branch().orElse("HEAD");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /// The commit that a reference of ours names.
  Optional<String> ref(Git git, String ref) {
    return Refs.commit(
        git.run(git.inClone(gitFolder(), folder, "for-each-ref", Refs.FORMAT, ref)), ref);
  }

  ObjectDatabase objects() throws IOException {
    return new ObjectDatabase(gitFolder().resolve("objects"), format());
  }

  /// Remembers that it is broken: the next pull makes it anew.
  void damaged() {
    try {
      if (Files.isDirectory(gitFolder()))
        Files.writeString(damage(), "");
    } catch (IOException e) { // a disk that cannot be written: the next pull will say so
      return;
    }
  }

  /// Makes the branch and the index stand where the remote's branch was last seen, so that a pull
  /// is a fast-forward in a clean work tree.
  ///
  /// @return whether it does
  boolean alignWorkTree(Git git, Tip tip) throws IOException {
    Optional<String> seen = ref(git, tip.tracking());
    String branch = branchRef(tip);
    if (seen.isEmpty())
      return true; // nothing yet: the first pull makes the branch
    if (ref(git, branch).equals(seen) && Files.exists(gitFolder().resolve("index")))
      return true;
    for (String lock : new String[]{"index.lock", "index", "MERGE_HEAD"})
      Files.deleteIfExists(gitFolder().resolve(lock));
    return done(git, "update-ref", branch, seen.get())
        && done(git, "read-tree", "-m", "-u", seen.get());
  }

  private boolean done(Git git, String... arguments) {
    return git.run(git.inClone(gitFolder(), folder, arguments)) instanceof Exit.Finished finished
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
    if (Files.exists(other.folder))
      Files.move(other.folder, old.folder, StandardCopyOption.ATOMIC_MOVE);
    Files.move(folder, other.folder, StandardCopyOption.ATOMIC_MOVE);
    old.delete();
  }

  /// Removes what a killed node left half-made of it.
  void sweep() throws IOException {
    Path clones = folder.resolveSibling(".");
    try (Stream<Path> files = Files.list(clones)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(".part~" + folder.getFileName() + "~")
            || name.startsWith(".old~" + folder.getFileName() + "~"))
          new RemoteClone(file).delete();
      }
    }
  }

  /// Deletes it; symbolic links are not followed.
  void delete() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS))
      return;
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
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
  }
}
