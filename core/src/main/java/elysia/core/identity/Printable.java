package elysia.core.identity;

/// Text from outside made safe to print on one line of a terminal or log.
public final class Printable {
  private static final int MAX_LENGTH = 300;

  private Printable() {}

  /// Control characters (escape sequences, line ends, bidirectional overrides) as `\\uXXXX`, and no
  /// more than 300 characters.
  public static String of(String text) {
    return escape(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text);
  }

  /// The same without the cut.
  public static String escape(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean unsafe = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
          || Character.getType(c) == Character.LINE_SEPARATOR
          || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
      if (unsafe && out == null)
        out = new StringBuilder(text.length() + 16).append(text, 0, i);
      if (out != null) {
        if (unsafe)
          out.append(String.format("\\u%04x", (int) c));
        else
          out.append(c);
      }
    }
    return out == null ? text : out.toString();
  }
}
