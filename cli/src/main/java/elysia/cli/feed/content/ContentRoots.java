package elysia.cli.feed.content;

import elysia.cli.feed.input.IoReason;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// Files of this machine's folders, and `content_ref` below those that the user allowed. What is
/// outside of them is refused in the same words whether it exists or not, since lines may come
/// from others.
public record ContentRoots(Path here, List<Path> allowed) implements ContentSource {
  private static final int MOST_LINKS = 40;

  @Override
  public byte[] read(RepositoryName repo, FilePath path, String ref) throws UnsendableLine {
    Path file;
    Optional<String> trouble = Optional.empty();
    try {
      Path name = here.resolve(ref).normalize();
      try {
        file = name.toRealPath();
      } catch (IOException e) {
        trouble = Optional.of(IoReason.of(e));
        file = followed(name);
      }
    } catch (InvalidPathException e) {
      throw refused("this machine cannot name the file");
    }
    for (Path root : allowed)
      if (file.startsWith(real(root))) {
        if (trouble.isPresent())
          throw refused("cannot be read: " + trouble.get());
        try {
          return WorkTrees.read(root, file, LineResolver.MAX_FILE);
        } catch (UnsendableLine e) { // what the line names is there, or it fails: never passed over
          throw e.code().equals(UnsendableLine.TOO_LARGE) ? e : refused(e.text());
        }
      }
    throw refused("outside of the allowed folders (expected: below one of --content-root)");
  }

  private static UnsendableLine refused(String why) {
    return new UnsendableLine("content_ref", "content_ref: " + why);
  }

  private static Path real(Path root) throws UnsendableLine {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      throw new UnsendableLine("content_ref", "--content-root " + root + ": " + IoReason.of(e));
    }
  }

  /// Where a name leads, links followed as far as that can be done, by name from there on.
  private static Path followed(Path name) {
    Deque<Path> ahead = new ArrayDeque<>();
    name.forEach(ahead::add);
    Path at = Objects.requireNonNull(name.getRoot());
    for (int links = 0; !ahead.isEmpty();) {
      Path next = at.resolve(ahead.remove()).normalize();
      Optional<Path> target = links < MOST_LINKS ? target(next) : Optional.empty();
      if (target.isPresent()) {
        links++;
        if (target.get().isAbsolute())
          at = Objects.requireNonNull(target.get().getRoot());
        for (int i = target.get().getNameCount() - 1; i >= 0; i--)
          ahead.push(target.get().getName(i));
      } else if (Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS))
        at = next;
      else
        return next.resolve(ahead.stream().map(Path::toString).collect(Collectors.joining("/")))
            .normalize();
    }
    return at;
  }

  private static Optional<Path> target(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link));
    } catch (IOException e) { // no link
      return Optional.empty();
    }
  }

  @Override
  public boolean gone(RepositoryName repo, Path root, FilePath path) {
    try {
      Path file = LocalPaths.resolve(root, path);
      return path.safe() && Files.isDirectory(root)
          && (WorkTrees.absent(file) || WorkTrees.linked(root, file));
    } catch (UnsendableLine e) {
      return false;
    }
  }

  @Override
  public Map<RepositoryName, Path> compared(Map<RepositoryName, Path> met) {
    return met;
  }
}
