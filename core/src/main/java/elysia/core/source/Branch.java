package elysia.core.source;

import elysia.core.identity.Printable;
import elysia.core.outcome.Problem;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names of branches, by the rules of `git check-ref-format --branch`.
public final class Branch {
  private static final int MAX_LENGTH = 250;
  private static final Pattern FORBIDDEN = Pattern
      .compile("[\\x00-\\x20\\x7f~^:?*\\[\\\\]|\\.\\.|@\\{|//");

  private Branch() {}

  /// Why no branch can have this name; empty when it can.
  public static Optional<Problem> problem(String name) {
    boolean valid = !name.isEmpty() && name.length() <= MAX_LENGTH && !name.startsWith("-")
        && !FORBIDDEN.matcher(name).find() && !name.equals("@") && !name.equals("HEAD")
        && !name.startsWith("/") && !name.endsWith("/") && !name.endsWith(".");
    for (String part : name.split("/", -1))
      valid &= !part.startsWith(".") && !part.endsWith(".lock");
    return valid
        ? Optional.empty()
        : Optional.of(Problem.of("invalid_branch",
            "branch: \"" + Printable.of(name) + "\" (expected: the name of a Git branch)"));
  }
}
