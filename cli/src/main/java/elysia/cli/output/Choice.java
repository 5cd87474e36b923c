package elysia.cli.output;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads the values of an option that stands for an enum, in small letters as they are documented
/// or any others.
public final class Choice<E extends Enum<E>> implements ITypeConverter<E> {
  private final List<E> values;

  public Choice(Class<E> type) {
    values = Arrays.asList(type.getEnumConstants());
  }

  @Override
  public E convert(String text) {
    for (E value : values)
      if (value.name().equalsIgnoreCase(text))
        return value;
    List<String> names = values.stream().map(value -> value.name().toLowerCase(Locale.ROOT))
        .toList();
    throw new TypeConversionException("\"" + text + "\" (expected: " + String.join(", ", names)
        + ")");
  }
}
