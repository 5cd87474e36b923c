package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A `where`, of a query or of a deletion. Texts are compared as an index of whole fields has
/// them: trimmed.
final class Filter {
  private Filter() {}

  /// @throws IllegalArgumentException when the server would refuse it
  static Predicate<Held> of(JsonNode where, HeldClass of) {
    String operator = where.path("operator").asText();
    if (operator.equals("And") || operator.equals("Or")) {
      Predicate<Held> joined = null;
      for (JsonNode operand : where.path("operands")) {
        Predicate<Held> one = of(operand, of);
        joined = joined == null ? one : operator.equals("And") ? joined.and(one) : joined.or(one);
      }
      if (joined == null)
        throw new IllegalArgumentException("invalid where filter: no operands");
      return joined;
    }
    String property = where.at("/path/0").asText();
    if (!property.equals("id") && !of.hasProperty(property))
      throw new IllegalArgumentException("invalid where filter: no such prop with name '" + property
          + "' found in class '" + of.name() + "' in the schema");
    if (!property.equals("id") && !of.filterable(property))
      return _ -> false;
    return compare(operator, property, value(where));
  }

  private static JsonNode value(JsonNode where) {
    for (Map.Entry<String, JsonNode> field : where.properties())
      if (field.getKey().startsWith("value"))
        return field.getValue();
    throw new IllegalArgumentException("invalid where filter: no value");
  }

  private static Predicate<Held> compare(String operator, String property, JsonNode value) {
    return switch (operator) {
      case "Equal" -> held -> text(held, property).equals(value.asText().strip());
      case "Like" -> {
        Pattern pattern = like(value.asText().strip());
        yield held -> pattern.matcher(text(held, property)).matches();
      }
      case "ContainsAny" -> {
        Set<String> any = new HashSet<>();
        value.forEach(one -> any.add(one.asText().strip()));
        yield held -> any.contains(text(held, property));
      }
      case "GreaterThanEqual" -> held -> number(held, property) >= value.asLong();
      case "LessThan" -> held -> number(held, property) < value.asLong();
      default -> throw new IllegalArgumentException("invalid where filter: operator " + operator);
    };
  }

  private static String text(Held held, String property) {
    return property.equals("id") ? held.id : held.properties.path(property).asText().strip();
  }

  private static long number(Held held, String property) {
    return held.properties.path(property).asLong();
  }

  private static Pattern like(String pattern) {
    StringBuilder regex = new StringBuilder();
    pattern.codePoints().forEach(c -> {
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(Character.toString(c)));
      }
    });
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
