package elysia.core.source;

import elysia.core.identity.FilePath;
import elysia.core.identity.Printable;
import elysia.core.outcome.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names of branches, by the rules of `git check-ref-format --branch`.
///
/// Names in Git are bytes. As with [FilePath], valid UTF-8 stands for itself and any other name is
/// written as Git quotes it: `"caf\\351"`.
public final class Branch {
  private static final int MAX_LENGTH = 250;
  private static final Pattern FORBIDDEN = Pattern
      .compile("[\\x00-\\x20\\x7f~^:?*\\[\\\\]|\\.\\.|@\\{|//");

  private Branch() {}

  /// The name that stands for these bytes.
  public static String ofBytes(byte[] bytes) {
    return FilePath.ofBytes(bytes).value();
  }

  /// The bytes that a name stands for.
  public static byte[] bytes(String name) {
    return new FilePath(name).bytes();
  }

  private static String plain(String name) {
    return FilePath.unquote(name).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .orElse(name);
  }

  /// Why no branch can have this name; empty when it can.
  public static Optional<Problem> problem(String written) {
    String name = plain(written);
    boolean valid = !name.isEmpty() && name.length() <= MAX_LENGTH && !name.startsWith("-")
        && !FORBIDDEN.matcher(name).find() && !name.equals("@") && !name.equals("HEAD")
        && !name.startsWith("/") && !name.endsWith("/") && !name.endsWith(".");
    for (String part : name.split("/", -1))
      valid &= !part.startsWith(".") && !part.endsWith(".lock");
    return valid
        ? Optional.empty()
        : Optional.of(Problem.of("invalid_branch",
            "branch: \"" + Printable.of(written) + "\" (expected: the name of a Git branch)"));
  }
}
