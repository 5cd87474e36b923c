package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import elysia.core.embed.Embedding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Messages of `weaviate.v1`: `SearchRequest` with `Filters`, and `SearchReply`.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>; the numbers of the fields stand in
/// Weaviate's `search_get.proto`, `base.proto` and `properties.proto`.
final class SearchMessage {
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
  /// @throws IOException when it is no such answer
  static List<StoredObject> objects(byte[] reply) throws IOException {
    List<StoredObject> objects = new ArrayList<>();
    fields(reply, (tag, in) -> {
      if (tag != bytes(REPLY_RESULTS))
        return false;
      objects.add(new ObjectReader().read(in.readByteArray()));
      return true;
    });
    return objects;
  }

  /// The reading of one object.
  private static final class ObjectReader {
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final List<String> symbols = new ArrayList<>();
    private Optional<UUID> id = Optional.empty();
    private Optional<Embedding> vector = Optional.empty();

    StoredObject read(byte[] message) throws IOException {
      fields(message, (tag, in) -> {
        if (tag == bytes(RESULT_PROPERTIES))
          properties(in.readByteArray());
        else if (tag == bytes(RESULT_METADATA))
          metadata(in.readByteArray());
        else
          return false;
        return true;
      });
      return new StoredObject(id.orElseThrow(() -> new IOException("an object without its id")),
          numbers, texts, symbols, vector);
    }

    private void metadata(byte[] message) throws IOException {
      fields(message, (tag, in) -> {
        if (tag == bytes(OBJECT_ID))
          id = Optional.of(uuid(in.readStringRequireUtf8()));
        else if (tag == bytes(OBJECT_VECTOR_BYTES))
          vector = floats(in.readByteArray());
        else
          return false;
        return true;
      });
    }

    private static UUID uuid(String text) throws IOException {
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        throw new IOException("an id that is none", e);
      }
    }

    private static Optional<Embedding> floats(byte[] bytes) {
      FloatBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      float[] values = new float[numbers.remaining()];
      numbers.get(values);
      return values.length == 0 ? Optional.empty() : Optional.of(Embedding.of(values));
    }

    private void properties(byte[] message) throws IOException {
      fields(message, (tag, in) -> {
        if (tag != bytes(RESULT_PROPERTIES_OWN))
          return false;
        fields(in.readByteArray(), (own, fields) -> {
          if (own != bytes(OWN_FIELDS))
            return false;
          property(fields.readByteArray());
          return true;
        });
        return true;
      });
    }

    /// The key comes first on the wire.
    private void property(byte[] message) throws IOException {
      String key = "";
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == bytes(ENTRY_KEY))
          key = in.readStringRequireUtf8();
        else if (tag == bytes(ENTRY_VALUE))
          value(key, in.readByteArray());
        else
          in.skipField(tag);
      }
    }

    /// A kind that no property here has is left out.
    private void value(String key, byte[] message) throws IOException {
      fields(message, (tag, in) -> {
        if (tag == bytes(VALUE_TEXT) || tag == bytes(VALUE_DATE))
          texts.put(key, in.readStringRequireUtf8());
        else if (tag == MessageDraft.tag(VALUE_INT, WireFormat.WIRETYPE_VARINT))
          numbers.put(key, in.readInt64());
        else if (tag == MessageDraft.tag(VALUE_NUMBER, WireFormat.WIRETYPE_FIXED64))
          numbers.put(key, (long) in.readDouble());
        else if (tag == bytes(VALUE_LIST) && key.equals("symbols"))
          list(in.readByteArray());
        else
          return false;
        return true;
      });
    }

    private void list(byte[] message) throws IOException {
      fields(message, (tag, in) -> {
        if (tag != bytes(LIST_TEXTS))
          return false;
        fields(in.readByteArray(), (inner, values) -> {
          if (inner != bytes(TEXTS_VALUES))
            return false;
          symbols.add(values.readStringRequireUtf8());
          return true;
        });
        return true;
      });
    }
  }
}
