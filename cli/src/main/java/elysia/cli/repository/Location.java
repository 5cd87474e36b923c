package elysia.cli.repository;

import elysia.cli.process.Environment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The location that a user types for a repository: a URL, `user@host:path`, or a path, which is
/// made absolute here because the node has another working directory.
final class Location {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
  /// A colon before the first slash, as `git clone` tells them apart; two are a transport, which
  /// the node refuses.
  private static final Pattern SCP = Pattern.compile("[^/:]+:.*");

  private Location() {}

  static String absolute(Environment environment, String text) {
    String typed = text.strip();
    if (typed.isEmpty() || URL.matcher(typed).matches() || SCP.matcher(typed).matches())
      return typed;
    try {
      Path path = typed.equals("~") || typed.startsWith("~/")
          ? environment.userHome().resolve(typed.substring(typed.length() > 1 ? 2 : 1))
          : environment.workingDirectory().resolve(typed);
      return path.normalize().toString();
    } catch (InvalidPathException e) {
      return typed;
    }
  }
}
