package elysia.core.change;

import elysia.core.identity.Sha256;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Checks that what a line carries is the content of its file. Not thread-safe.
final class ContentRules {
  private static final String PART = "is_truncated: content is only a part of the file";
  private static final int HASH_DIGITS = 64;
  private static final String HASH_PREFIX = "sha256:";
  /// Larger text is not encoded a second time to find out whether a hash is of the
  /// original charset.
  private static final int MAX_ENCODED = 8 << 20;

  private final MessageDigest sha256 = Sha256.digest();

  boolean given(RawFields fields) {
    return fields.content != null || fields.decoded != null || fields.ref != null;
  }

  LineContent content(RawFields fields, Op op) {
    int carriers = (fields.has(Field.CONTENT) ? 1 : 0) + (fields.has(Field.CONTENT_BASE64) ? 1 : 0)
        + (fields.has(Field.CONTENT_REF) ? 1 : 0);
    if (carriers > 1)
      fields.fault(fields.has(Field.CONTENT_REF) ? Field.CONTENT_REF : Field.CONTENT_BASE64,
          "content is given " + carriers + " times",
          "at most one of content, content_base64 and content_ref");
    String ref = fields.ref;
    Bytes text = fields.content;
    Bytes decoded = fields.decoded;
    if (op == Op.DELETE)
      return new LineContent.Absent();
    if (ref != null) {
      if (ref.isEmpty() || ref.indexOf('\0') >= 0)
        fields.fault(Field.CONTENT_REF, "content_ref: \"" + ref + "\"", "the path of a file");
      return new LineContent.Ref(ref);
    }
    if (text != null) {
      String reason = fields.truncated ? PART : unlikeText(fields, text);
      return reason == null ? new LineContent.Inline(text) : new LineContent.Unusable(reason);
    }
    if (decoded != null) {
      String reason = fields.truncated ? PART : unlike(fields, decoded);
      return reason == null ? new LineContent.Decoded(decoded) : new LineContent.Unusable(reason);
    }
    return new LineContent.Absent();
  }

  /// The hash in its normal form, null where there is none that could be compared.
  static @Nullable String normalHash(RawFields fields) {
    String text = fields.hash;
    if (text == null || text.isEmpty())
      return null;
    String digits = text.startsWith(HASH_PREFIX) ? text.substring(HASH_PREFIX.length()) : text;
    if (digits.length() == HASH_DIGITS && hexadecimal(digits))
      return digits.toLowerCase(Locale.ROOT);
    if (fields.scope == Field.Scope.LINE)
      fields.fault(Field.CONTENT_HASH, "content_hash: \"" + text + "\"",
          "SHA-256 as 64 hexadecimal digits, sha256: before it or not");
    return null;
  }

  private static boolean hexadecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i)))
        return false;
    }
    return true;
  }

  private @Nullable String unlikeText(RawFields fields, Bytes utf8) {
    String reason = unlike(fields, utf8);
    if (reason == null)
      return fields.has(Field.IS_TRUNCATED) && summary(utf8)
          ? "content: a summary that mgit wrote, not the file"
          : null;
    Charset charset = otherCharset(fields.charset);
    if (charset == null || utf8.size() > MAX_ENCODED)
      return reason;
    // The hash and size of a file that is not UTF-8 are those of its own bytes.
    byte[] original = new String(utf8.array(), StandardCharsets.UTF_8).getBytes(charset);
    return unlike(fields, Bytes.of(original)) == null ? null : reason;
  }

  private static @Nullable Charset otherCharset(@Nullable String name) {
    if (name == null)
      return null;
    try {
      Charset charset = Charset.forName(name);
      return charset.equals(StandardCharsets.UTF_8) || !charset.canEncode() ? null : charset;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private @Nullable String unlike(RawFields fields, Bytes bytes) {
    if (fields.size >= 0 && fields.size != bytes.size())
      return "size: the content has " + bytes.size() + " bytes, the line says " + fields.size;
    String hash = fields.hash;
    return hash != null && !matches(hash, sha256.digest(bytes.array()))
        ? "content_hash: not that of the content"
        : null;
  }

  private static boolean matches(String hash, byte[] digest) {
    for (int i = 0; i < digest.length; i++) {
      int value = HexFormat.fromHexDigits(hash, 2 * i, 2 * i + 2);
      if (value != (digest[i] & 0xff))
        return false;
    }
    return true;
  }

  private static boolean summary(Bytes utf8) {
    String start = new String(utf8.array(), 0, Math.min(utf8.size(), 512), StandardCharsets.UTF_8);
    return (start.startsWith("File: ") || start.startsWith("Binary file: "))
        && start.contains("\nType: ");
  }
}
