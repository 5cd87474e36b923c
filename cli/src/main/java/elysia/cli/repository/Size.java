package elysia.cli.repository;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Sizes as people write them: `1MB`, `500k`, `1.5 MiB`, `80000`; units of 1,000, with an `i`
/// of 1,024.
final class Size implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern
      .compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?)\\s*([kmg]?i?)b?");
  private static final Map<String, Long> UNITS = Map.of("", 1L, "k", 1_000L, "m", 1_000_000L, "g",
      1_000_000_000L, "ki", 1L << 10, "mi", 1L << 20, "gi", 1L << 30);

  @Override
  public Long convert(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
    if (unit == null)
      throw new TypeConversionException(
          "\"" + text + "\" (expected: a size such as 500k, 1MB or 80000)");
    return new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
  }
}
