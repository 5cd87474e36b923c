package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Messages of `weaviate.v1`: `SearchRequest` with `Filters`, and `SearchReply`, whose objects are
/// made the JSON that GraphQL answers.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>; the numbers of the fields stand in
/// Weaviate's `search_get.proto`, `base.proto` and `properties.proto`.
final class SearchMessage {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final int REQUEST_COLLECTION = 1;
  private static final int REQUEST_PROPERTIES = 20;
  private static final int REQUEST_METADATA = 21;
  private static final int REQUEST_LIMIT = 30;
  private static final int REQUEST_FILTERS = 40;
  private static final int REQUEST_USES_123 = 100;
  private static final int REQUEST_USES_125 = 101;
  private static final int REQUEST_USES_127 = 102;
  private static final int PROPERTIES_NAMES = 1;
  private static final int METADATA_ID = 1;
  private static final int METADATA_VECTOR = 2;
  private static final int FILTER_OPERATOR = 1;
  private static final int FILTER_OPERANDS = 3;
  private static final int FILTER_TEXT = 4;
  private static final int FILTER_INT = 5;
  private static final int FILTER_TEXTS = 9;
  private static final int FILTER_TARGET = 20;
  private static final int TEXTS_VALUES = 1;
  private static final int TARGET_PROPERTY = 1;

  private static final int REPLY_RESULTS = 2;
  private static final int RESULT_PROPERTIES = 1;
  private static final int RESULT_METADATA = 2;
  private static final int RESULT_PROPERTIES_OWN = 11;
  private static final int OWN_FIELDS = 1;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int VALUE_NUMBER = 1;
  private static final int VALUE_LIST = 5;
  private static final int VALUE_DATE = 6;
  private static final int VALUE_INT = 8;
  private static final int VALUE_TEXT = 13;
  private static final int LIST_TEXTS = 8;
  private static final int OBJECT_ID = 1;
  private static final int OBJECT_VECTOR_BYTES = 19;

  private SearchMessage() {}

  static byte[] request(String className, Where where, int limit, List<String> properties,
      boolean vector) {
    try {
      MessageDraft names = new MessageDraft(256);
      for (String name : properties)
        names.put(PROPERTIES_NAMES, name);
      MessageDraft metadata = new MessageDraft(16).put(METADATA_ID, true);
      if (vector)
        metadata.put(METADATA_VECTOR, true);
      return new MessageDraft(4_096).put(REQUEST_COLLECTION, className)
          .put(REQUEST_PROPERTIES, names.end()).put(REQUEST_METADATA, metadata.end())
          .put(REQUEST_LIMIT, limit).put(REQUEST_FILTERS, filter(where))
          .put(REQUEST_USES_123, true).put(REQUEST_USES_125, true).put(REQUEST_USES_127, true)
          .end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] filter(Where where) throws IOException {
    MessageDraft filter = new MessageDraft(4_096);
    switch (where) {
      case Where.Joined(var operator, var operands) -> {
        filter.put(FILTER_OPERATOR, operator(operator));
        for (Where operand : operands)
          filter.put(FILTER_OPERANDS, filter(operand));
      }
      case Where.Compare(var operator, var property, _, var value) -> {
        filter.put(FILTER_OPERATOR, operator(operator));
        if (value.isArray()) {
          MessageDraft texts = new MessageDraft(4_096);
          for (JsonNode one : value)
            texts.put(TEXTS_VALUES, utf8(one.textValue()));
          filter.put(FILTER_TEXTS, texts.end());
        } else if (value.isTextual())
          filter.put(FILTER_TEXT, utf8(value.textValue()));
        else
          filter.put(FILTER_INT, value.longValue());
        filter.put(FILTER_TARGET, new MessageDraft(64)
            .put(TARGET_PROPERTY, property.equals("id") ? "_id" : property).end());
      }
    }
    return filter.end();
  }

  /// What is no valid Unicode is in no object.
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int operator(String name) {
    return switch (name) {
      case "Equal" -> 1;
      case "GreaterThanEqual" -> 4;
      case "LessThan" -> 5;
      case "And" -> 7;
      case "Or" -> 8;
      case "Like" -> 10;
      case "ContainsAny" -> 12;
      default -> throw new IllegalArgumentException("operator: " + name);
    };
  }

  /// Takes one field, or leaves it to be skipped.
  @FunctionalInterface
  private interface Field {
    boolean take(int tag, CodedInputStream in) throws IOException;
  }

  private static void fields(byte[] message, Field field) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag())
      if (!field.take(tag, in))
        in.skipField(tag);
  }

  private static int bytes(int field) {
    return MessageDraft.tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  /// The objects of an answer.
  ///
  /// @throws IOException
  ///           when it is no such answer
  static ArrayNode objects(byte[] reply) throws IOException {
    ArrayNode objects = JSON.arrayNode();
    fields(reply, (tag, in) -> {
      if (tag != bytes(REPLY_RESULTS))
        return false;
      objects.add(object(in.readByteArray()));
      return true;
    });
    return objects;
  }

  private static ObjectNode object(byte[] message) throws IOException {
    ObjectNode object = JSON.objectNode();
    ObjectNode additional = JSON.objectNode();
    fields(message, (tag, in) -> {
      if (tag == bytes(RESULT_PROPERTIES))
        properties(in.readByteArray(), object);
      else if (tag == bytes(RESULT_METADATA))
        metadata(in.readByteArray(), additional);
      else
        return false;
      return true;
    });
    if (!additional.has("id"))
      throw new IOException("an object without its id");
    object.set("_additional", additional);
    return object;
  }

  private static void metadata(byte[] message, ObjectNode into) throws IOException {
    fields(message, (tag, in) -> {
      if (tag == bytes(OBJECT_ID))
        into.put("id", in.readStringRequireUtf8());
      else if (tag == bytes(OBJECT_VECTOR_BYTES)) {
        FloatBuffer numbers = ByteBuffer.wrap(in.readByteArray()).order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
        ArrayNode vector = into.putArray("vector");
        while (numbers.hasRemaining())
          vector.add(numbers.get());
      } else
        return false;
      return true;
    });
  }

  private static void properties(byte[] message, ObjectNode into) throws IOException {
    fields(message, (tag, in) -> {
      if (tag != bytes(RESULT_PROPERTIES_OWN))
        return false;
      fields(in.readByteArray(), (own, fields) -> {
        if (own != bytes(OWN_FIELDS))
          return false;
        entry(fields.readByteArray(), into);
        return true;
      });
      return true;
    });
  }

  private static void entry(byte[] message, ObjectNode into) throws IOException {
    String key = "";
    JsonNode value = JSON.nullNode();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == bytes(ENTRY_KEY))
        key = in.readStringRequireUtf8();
      else if (tag == bytes(ENTRY_VALUE))
        value = value(in.readByteArray());
      else
        in.skipField(tag);
    }
    into.set(key, value);
  }

  /// Null for a kind that no property here has.
  private static JsonNode value(byte[] message) throws IOException {
    JsonNode value = JSON.nullNode();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == bytes(VALUE_TEXT) || tag == bytes(VALUE_DATE))
        value = JSON.textNode(in.readStringRequireUtf8());
      else if (tag == MessageDraft.tag(VALUE_INT, WireFormat.WIRETYPE_VARINT))
        value = JSON.numberNode(in.readInt64());
      else if (tag == MessageDraft.tag(VALUE_NUMBER, WireFormat.WIRETYPE_FIXED64))
        value = JSON.numberNode(in.readDouble());
      else if (tag == bytes(VALUE_LIST))
        value = texts(in.readByteArray());
      else
        in.skipField(tag);
    }
    return value;
  }

  private static ArrayNode texts(byte[] message) throws IOException {
    ArrayNode texts = JSON.arrayNode();
    fields(message, (tag, in) -> {
      if (tag != bytes(LIST_TEXTS))
        return false;
      fields(in.readByteArray(), (inner, values) -> {
        if (inner != bytes(TEXTS_VALUES))
          return false;
        texts.add(values.readStringRequireUtf8());
        return true;
      });
      return true;
    });
    return texts;
  }
}
