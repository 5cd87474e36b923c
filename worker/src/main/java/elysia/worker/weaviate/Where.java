package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// A filter, for a query (GraphQL) or a deletion (JSON).
sealed interface Where {
  /// @param valueKey `valueText`, `valueInt`, …
  record Compare(String operator, String property, String valueKey,
      JsonNode value) implements Where {}

  /// @param operator `And` or `Or`
  record Joined(String operator, List<Where> operands) implements Where {}

  static Where equal(String property, String value) {
    return new Compare("Equal", property, "valueText", JsonNodeFactory.instance.textNode(value));
  }

  static Where number(String operator, String property, long value) {
    return new Compare(operator, property, "valueInt", JsonNodeFactory.instance.numberNode(value));
  }

  /// `*` stands for any text, `?` for one character.
  static Where like(String property, String pattern) {
    return new Compare("Like", property, "valueText", JsonNodeFactory.instance.textNode(pattern));
  }

  static Where anyOf(String property, Collection<String> values) {
    var array = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(array::add);
    return new Compare("ContainsAny", property, "valueText", array);
  }

  static Where ids(Collection<UUID> ids) {
    return anyOf("id", ids.stream().map(UUID::toString).toList());
  }

  static Where and(Where... operands) {
    return operands.length == 1 ? operands[0] : new Joined("And", List.of(operands));
  }

  static Where or(Where one, Where other) {
    return new Joined("Or", List.of(one, other));
  }

  default String graphQl() {
    return switch (this) {
      case Compare(var operator, var property, var key, var value) -> "{path:[" + text(property)
          + "],operator:" + operator + "," + key + ":" + value + "}";
      case Joined(var operator, var operands) -> "{operator:" + operator + ",operands:["
          + String.join(",", operands.stream().map(Where::graphQl).toList()) + "]}";
    };
  }

  /// As the deletion of a batch takes it, where lists have a key of their own.
  default ObjectNode json() {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    switch (this) {
      case Compare(var operator, var property, var key, var value) -> {
        out.put("operator", operator).putArray("path").add(property);
        out.set(value.isArray() ? key + "Array" : key, value);
      }
      case Joined(var operator, var operands) -> {
        out.put("operator", operator);
        var array = out.putArray("operands");
        operands.forEach(operand -> array.add(operand.json()));
      }
    }
    return out;
  }

  /// A GraphQL string, which is a JSON string.
  static String text(String value) {
    return Objects.toString(JsonNodeFactory.instance.textNode(value));
  }
}
