package elysia.core.identity;

import java.util.regex.Pattern;

/// The text of a person, for messages: without the user and the password that an address may hold.
public final class Redacted {
  private static final String USER = "***@";
  /// To the last `@`: a password may hold anything.
  private static final Pattern IN_ADDRESS = Pattern
      .compile("^((?:[A-Za-z][A-Za-z0-9+.-]*:)*//).*@|^[^/@]*:.*@", Pattern.DOTALL);
  private static final Pattern QUERY = Pattern.compile("(?<=//)([^?#]*)[?#].*", Pattern.DOTALL);
  private static final Pattern IN_TEXT = Pattern
      .compile("(?<=//)(?:[^/\\s\"'<>]*|[^/\\s\"'<>:@]*:(?!\\d+/)[^\\s\"'<>]*)@"
          + "|(?<![^\\s\"'<>(])[^\\s\"'<>/:@]+:[^\\s\"'<>/@]*@");

  private Redacted() {}

  /// One address, well made or not. Its query and fragment, which may hold a token, are left
  /// out, too.
  public static String address(String address) {
    String text = IN_ADDRESS.matcher(address)
        .replaceFirst(found -> (found.group(1) == null ? "" : found.group(1)) + USER);
    return QUERY.matcher(text).replaceFirst("$1?***");
  }

  /// Text with addresses in it, each without blanks.
  public static String text(String text) {
    return IN_TEXT.matcher(text).replaceAll(USER);
  }
}
