package elysia.git.repository;

import elysia.core.source.Branch;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The full name of a reference. Git's names are bytes: each character stands for one.
///
/// @param bytes one character per byte
public record RefName(String bytes) {
  /// The name in a command's output or input that is one character per byte.
  public static final RefName HEAD = new RefName("HEAD");
  private static final String BRANCHES = "refs/heads/";
  private static final char FIRST_BEYOND_ASCII = 0x80;

  /// A branch by its name, as [Branch] writes it.
  public static RefName ofBranch(String name) {
    return in(BRANCHES, name);
  }

  /// A branch of the remote as a clone follows it.
  public static RefName tracking(String branch) {
    return in("refs/remotes/origin/", branch);
  }

  private static RefName in(String folder, String branch) {
    return new RefName(
        folder + new String(Branch.bytes(branch), StandardCharsets.ISO_8859_1));
  }

  /// The branch's name, as [Branch] writes it; empty for what is no branch.
  public Optional<String> branch() {
    return bytes.startsWith(BRANCHES) && bytes.length() > BRANCHES.length()
        ? Optional.of(Branch.ofBytes(
            bytes.substring(BRANCHES.length()).getBytes(StandardCharsets.ISO_8859_1)))
        : Optional.empty();
  }

  /// A pattern of Git that matches it, perhaps among others, and that any locale can express.
  public String pattern() {
    StringBuilder pattern = new StringBuilder(bytes.length());
    for (char c : bytes.toCharArray())
      pattern.append(c < FIRST_BEYOND_ASCII ? c : '?');
    return pattern.toString();
  }

  /// Whether one is a folder of the other, so that Git cannot have both.
  public boolean conflictsWith(RefName other) {
    return bytes.startsWith(other.bytes + "/") || other.bytes.startsWith(bytes + "/");
  }

  /// For people.
  @Override
  public String toString() {
    return Branch.ofBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }
}
