package elysia.core.source;

import elysia.core.identity.Printable;
import elysia.core.identity.Redacted;
import elysia.core.identity.RepositoryName;
import elysia.core.outcome.Outcome;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The address of a repository, checked: nothing that Git would take for an option, a command or a
/// helper program, and no secret in it.
///
/// @param text as Git is given it
/// @param host that it names, without user and port; empty for what lies on this machine
public record Location(Kind kind, String text, Optional<String> host) {
  /// How a repository is reached.
  public enum Kind {
    /// An absolute path, read in place.
    LOCAL,
    /// A `file://` URL, cloned.
    FILE,
    /// An `http://` or `https://` URL.
    HTTP,
    /// An `ssh://` URL or the short `user@host:path`.
    SSH
  }

  private static final int MAX_LENGTH = 2048;
  private static final String HOST = "(?<host>[A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+])";
  private static final String USER = "(?<user>[A-Za-z0-9_][A-Za-z0-9._%+-]*)";
  private static final Pattern URL = Pattern
      .compile("(?<scheme>https?|ssh)://(?:" + USER + "@)?" + HOST + "(?::\\d{1,5})?/(?<path>.+)");
  private static final Pattern SHORT_SSH = Pattern
      .compile("(?:" + USER + "@)?" + HOST + ":(?<path>(?![-:])[^()`$;&|<>*?\"'!\\\\]+)");
  private static final Pattern HELPER = Pattern.compile("[^/]*::.*");
  private static final Pattern WITH_SECRET = Pattern
      .compile("(?:[^/]*:)?//[^/]*(?::|%3[Aa])[^/]*@.*|[^/@:]+:[^/@]+@[^/]*:.*");
  /// What access tokens of the great hosts begin with; they are used as user names, too.
  private static final Pattern TOKEN = Pattern
      .compile("(gh[a-z]_|github_pat_|glpat-|ATBB|ATCT).*|[0-9a-f]{40}");

  /// Reads what a person wrote.
  ///
  /// @return `Refused` with `credentials_in_location` or `invalid_location`; a secret is
  ///         never repeated
  public static Outcome<Location> parse(String text) {
    if (text.isBlank() || text.length() > MAX_LENGTH)
      return invalid("empty or longer than " + MAX_LENGTH + " characters");
    if (!Printable.escape(text).equals(text) || !text.strip().equals(text))
      return invalid("control characters or blanks around it");
    if (text.startsWith("-"))
      return invalid("\"" + shown(text) + "\" begins with a hyphen");
    if (text.startsWith("/"))
      return Outcome.ok(new Location(Kind.LOCAL, text, Optional.empty()));
    if (WITH_SECRET.matcher(text).matches())
      return credentials();
    if (HELPER.matcher(text).matches())
      return invalid("transport helpers (\"::\") run programs");
    if (!text.contains("://"))
      return shortSsh(text);
    if (text.toLowerCase(Locale.ROOT).startsWith("file://"))
      return text.startsWith("file:///") && text.length() > "file:///".length()
          ? Outcome.ok(new Location(Kind.FILE, text, Optional.empty()))
          : invalid("a file URL is file:/// and an absolute path");
    return url(text);
  }

  private static Outcome<Location> url(String text) {
    Matcher url = URL.matcher(text);
    if (!url.matches())
      return invalid("\"" + shown(text) + "\"");
    boolean ssh = url.group("scheme").equals("ssh");
    String user = url.group("user");
    if (user != null && TOKEN.matcher(user).matches())
      return credentials();
    if (!ssh && (text.indexOf('?') >= 0 || text.indexOf('#') >= 0))
      return invalid("a query or fragment");
    if (ssh && url.group("path").startsWith("-"))
      return invalid("\"" + shown(text) + "\"");
    return Outcome.ok(new Location(ssh ? Kind.SSH : Kind.HTTP, text,
        Optional.of(url.group("host"))));
  }

  private static Outcome<Location> shortSsh(String text) {
    Matcher matcher = SHORT_SSH.matcher(text);
    if (!matcher.matches() || matcher.group("host").length() == 1
        || text.lastIndexOf('/', text.indexOf(':')) >= 0)
      return Outcome.refused("invalid_location",
          "location: \"" + shown(text) + "\" (expected: a URL or an absolute path)",
          "give a local repository by its absolute path");
    return Outcome.ok(new Location(Kind.SSH, text, Optional.of(matcher.group("host"))));
  }

  private static Outcome<Location> invalid(String why) {
    return Outcome.refused("invalid_location", "location: " + why
        + " (expected: https://, http://, ssh:// or file:// URL, user@host:path, absolute path)");
  }

  private static Outcome<Location> credentials() {
    return Outcome.refused("credentials_in_location",
        "location: a password or token in it (expected: none, it would be stored and shown)",
        "remove it from the URL and use a git credential helper or an SSH key");
  }

  /// The text for messages, without what may be secret in it.
  private static String shown(String text) {
    return Printable.of(Redacted.address(text));
  }

  /// Whether it is read where it lies.
  public boolean local() {
    return kind == Kind.LOCAL;
  }

  /// A name for the repository: its last path segment without `.git`, made to match
  /// [RepositoryName#MANAGED]; empty when nothing of it is left.
  public Optional<RepositoryName> defaultName() {
    String path = text.replaceFirst("/+$", "").replaceFirst("(?<=[^/])/\\.git$", "")
        .replaceFirst("/+$", "");
    String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1);
    String name = last.replaceFirst("\\.git$", "").replaceAll("[^A-Za-z0-9._-]+", "-")
        .replaceFirst("^[^A-Za-z0-9]+", "").replaceFirst("-+$", "");
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(new RepositoryName(name.substring(0, Math.min(100, name.length()))));
  }
}
