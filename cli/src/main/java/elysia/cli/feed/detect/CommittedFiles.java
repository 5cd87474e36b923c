package elysia.cli.feed.detect;

import elysia.cli.feed.content.UnsendableLine;
import elysia.cli.process.Failure;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.source.Location;
import elysia.git.command.Git;
import elysia.git.object.Blobs;
import elysia.git.object.Entries;
import elysia.git.repository.LocalRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The files of a work tree's commits, read as a node reads them.
public final class CommittedFiles implements AutoCloseable {
  /// A file of a commit, or one that the commit no longer has.
  ///
  /// @param blob empty for one that is gone
  public record Entry(FilePath path, boolean isNew, Optional<String> blob) {}

  /// Takes files one by one.
  public interface Visitor {
    void visit(Entry entry) throws IOException;
  }

  private static final int GROUP = 256;

  private final GitTool tool;
  private final Path root;
  private Optional<LocalRepository> found = Optional.empty();
  private Optional<Blobs> blobs = Optional.empty();

  private CommittedFiles(GitTool tool, Path root) {
    this.tool = tool;
    this.root = root;
  }

  /// @return empty for a folder that is not the top of a work tree
  static Optional<CommittedFiles> at(Path root, GitTool tool) {
    return Files.exists(root.resolve(".git"), LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(new CommittedFiles(tool, root))
        : Optional.empty();
  }

  /// The commit that is checked out; empty before the first one.
  public Optional<String> head() throws IOException {
    LocalRepository repository = repository();
    return result(repository.checkedOut(git()));
  }

  public boolean has(String commit) throws IOException {
    return result(LocalRepository.isCommit(git(), repository().objects(), commit));
  }

  /// Every file of a commit, in the order of paths.
  public void all(String commit, Visitor visitor) throws IOException {
    visit(Entries.all(git(), repository().objects(), commit), visitor);
  }

  /// Differences between two commits; a rename is a file that is gone and one that is new.
  public void between(String from, String to, Visitor visitor) throws IOException {
    visit(Entries.between(git(), repository().objects(), from, to, Entries.NO_RENAMES), visitor);
  }

  private static void visit(Entries entries, Visitor visitor) throws IOException {
    try (entries) {
      for (List<Entries.Entry> group = entries.next(GROUP); !group.isEmpty(); group = entries
          .next(GROUP))
        for (Entries.Entry entry : group)
          if (entry.isFile() && !entry.unchanged())
            visitor.visit(new Entry(entry.path(), !entry.wasFile(), Optional.of(entry.blob())));
          else if (!entry.isFile() && entry.wasFile())
            visitor.visit(new Entry(entry.path(), false, Optional.empty()));
    }
  }

  /// @throws UnsendableLine it is not there, or larger than `max` bytes
  public synchronized byte[] content(String blob, long max) throws UnsendableLine {
    try {
      List<String> wanted = List.of(blob);
      if (blobs().sizes(wanted).getFirst().orElse(0L) > max)
        throw new UnsendableLine(UnsendableLine.TOO_LARGE, "more than " + max + " bytes");
      return blobs().contents(wanted).getFirst();
    } catch (Blobs.MissingException e) {
      throw new UnsendableLine("unreadable", "Git does not have its content (" + blob
          + "); in a partial clone git fetch --refetch --no-filter brings it");
    } catch (IOException e) {
      throw new UnsendableLine("unreadable", "Git cannot read it: " + e.getMessage());
    }
  }

  /// Whether a commit surely does not have a path.
  public synchronized boolean lacks(String commit, FilePath path) {
    try {
      return blobs().lacks(commit, path);
    } catch (IOException e) {
      return false;
    }
  }

  private Git git() throws IOException {
    return tool.git();
  }

  private synchronized Blobs blobs() throws IOException {
    if (blobs.isEmpty())
      blobs = Optional.of(new Blobs(git(), repository().objects()));
    return blobs.get();
  }

  private synchronized LocalRepository repository() throws IOException {
    if (found.isEmpty()) {
      LocalRepository repository = result(LocalRepository.find(git(),
          new Location(Location.Kind.LOCAL, root.toString(), Optional.empty())));
      if (repository.top().isPresent() && !Files.isSameFile(repository.top().get(), root))
        throw new IOException(
            root + " is no repository that Git can read: to Git it is a folder in "
                + repository.top().get());
      found = Optional.of(repository);
    }
    return found.get();
  }

  private static <T> T result(Outcome<T> outcome) throws IOException {
    return switch (outcome) {
      case Outcome.Ok<T>(var value) -> value;
      case Outcome.Busy<T>(_, var reason, _) -> throw new IOException(reason);
      case Outcome.Refused<T>(var problem) when problem.code().equals("git_missing") ->
        throw Failure.usage("git cannot be started: " + problem.message(), "install git");
      case Outcome.Refused<T>(var problem) -> throw new IOException(problem.message());
    };
  }

  @Override
  public synchronized void close() {
    blobs.ifPresent(Blobs::close);
  }
}
