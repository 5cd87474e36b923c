package elysia.testkit.weaviate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import elysia.core.json.Json;
import java.util.ArrayList;
import java.util.List;

/// Reads a query: fields with aliases, arguments (as JSON, enumeration values as text) and what is
/// selected of them.
final class GraphQlText {
  record Field(String alias, String name, ObjectNode arguments, List<Field> selection) {}

  private final String text;
  private int at;

  private GraphQlText(String text) {
    this.text = text;
  }

  /// @throws IllegalArgumentException when it is no query
  static List<Field> read(String query) {
    GraphQlText reader = new GraphQlText(query);
    List<Field> fields = reader.selection();
    reader.skip();
    if (reader.at < query.length())
      throw reader.unexpected();
    return fields;
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("Syntax Error GraphQL request (1:" + (at + 1) + ")");
  }

  private void skip() {
    while (at < text.length()
        && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == ','))
      at++;
  }

  private char peek() {
    skip();
    if (at >= text.length())
      throw unexpected();
    return text.charAt(at);
  }

  private boolean take(char c) {
    if (peek() != c)
      return false;
    at++;
    return true;
  }

  private void expect(char c) {
    if (!take(c))
      throw unexpected();
  }

  private String name() {
    skip();
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_'))
      at++;
    if (start == at)
      throw unexpected();
    return text.substring(start, at);
  }

  private List<Field> selection() {
    List<Field> fields = new ArrayList<>();
    expect('{');
    while (!take('}')) {
      String alias = name();
      String name = take(':') ? name() : alias;
      ObjectNode arguments = JsonNodeFactory.instance.objectNode();
      if (take('('))
        while (!take(')'))
          argument(arguments);
      fields.add(new Field(alias, name, arguments, peek() == '{' ? selection() : List.of()));
    }
    return fields;
  }

  private void argument(ObjectNode into) {
    String name = name();
    expect(':');
    into.set(name, value());
  }

  private JsonNode value() {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      default -> word();
    };
  }

  private JsonNode object() {
    at++;
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (!take('}'))
      argument(object);
    return object;
  }

  private JsonNode array() {
    at++;
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (!take(']'))
      array.add(value());
    return array;
  }

  private JsonNode string() {
    int start = at++;
    while (at < text.length() && text.charAt(at) != '"')
      at += text.charAt(at) == '\\' ? 2 : 1;
    at++;
    return json(start);
  }

  /// A number, or the name of a value of an enumeration.
  private JsonNode word() {
    int start = at;
    while (at < text.length() && ",)]} \n".indexOf(text.charAt(at)) < 0)
      at++;
    char first = text.charAt(start);
    return first == '-' || Character.isDigit(first)
        ? json(start)
        : JsonNodeFactory.instance.textNode(text.substring(start, at));
  }

  private JsonNode json(int start) {
    try {
      return Json.mapper().readTree(text.substring(start, Math.min(at, text.length())));
    } catch (JsonProcessingException e) {
      throw unexpected();
    }
  }
}
