package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/// A query as gRPC brings it, made the GraphQL that REST brings, and its answer as gRPC sends it.
final class QueryMessage {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Map<Integer, String> OPERATORS = Map.of(1, "Equal", 4, "GreaterThanEqual",
      5, "LessThan", 7, "And", 8, "Or", 10, "Like", 12, "ContainsAny");

  private QueryMessage() {}

  static ObjectNode query(byte[] request) throws IOException {
    StringBuilder query = new StringBuilder();
    StringBuilder selection = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    BatchMessage.fields(request, (number, in) -> {
      switch (number) {
        case 1 -> query.append("{Get{").append(in.readStringRequireUtf8());
        case 20 -> BatchMessage.fields(in.readByteArray(), (part, names) -> {
          selection.append(names.readStringRequireUtf8()).append(' ');
          return part == 1;
        });
        case 21 -> selection.append("_additional{").append(metadata(in.readByteArray()))
            .append('}');
        case 30 -> arguments.append("limit:").append(in.readUInt32()).append(',');
        case 40 -> arguments.append("where:").append(where(in.readByteArray()));
        case 100, 101, 102 -> in.readBool();
        default -> {
          return false;
        }
      }
      return true;
    });
    return JSON.objectNode().put("query",
        query.append('(').append(arguments).append("){").append(selection).append("}}}")
            .toString());
  }

  private static String metadata(byte[] message) throws IOException {
    StringBuilder wanted = new StringBuilder();
    BatchMessage.fields(message, (number, in) -> {
      boolean asked = in.readBool();
      wanted.append(!asked ? "" : number == 1 ? "id " : "vector ");
      return number <= 2;
    });
    return wanted.toString();
  }

  private static String where(byte[] message) throws IOException {
    StringBuilder where = new StringBuilder("{");
    StringBuilder operands = new StringBuilder();
    BatchMessage.fields(message, (number, in) -> {
      switch (number) {
        case 1 -> where.append("operator:").append(OPERATORS.get(in.readEnum()));
        case 3 -> operands.append(where(in.readByteArray()));
        case 4 -> where.append(",valueText:").append(JSON.textNode(in.readStringRequireUtf8()));
        case 5 -> where.append(",valueInt:").append(in.readInt64());
        case 9 -> where.append(",valueText:").append(texts(in.readByteArray()));
        case 20 -> where.append(",path:[").append(target(in.readByteArray())).append(']');
        default -> {
          return false;
        }
      }
      return true;
    });
    if (!operands.isEmpty())
      where.append(",operands:[").append(operands).append(']');
    return where.append('}').toString();
  }

  private static ArrayNode texts(byte[] message) throws IOException {
    ArrayNode texts = JSON.arrayNode();
    BatchMessage.fields(message, (number, in) -> {
      texts.add(in.readStringRequireUtf8());
      return number == 1;
    });
    return texts;
  }

  private static JsonNode target(byte[] message) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    if (in.readTag() != 0x0a)
      throw new IOException("no property");
    String property = in.readStringRequireUtf8();
    return JSON.textNode(property.equals("_id") ? "id" : property);
  }

  /// Writes fields of a message.
  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  /// The objects, and `took`.
  static byte[] reply(JsonNode answer) throws IOException {
    JsonNode error = answer.at("/errors/0/message");
    if (error.isTextual())
      throw Status.UNKNOWN.withDescription(error.textValue().startsWith("Cannot query field")
          ? "could not find class in schema"
          : error.textValue()).asRuntimeException();
    return message(out -> {
      for (JsonNode objects : answer.at("/data/Get"))
        for (JsonNode object : objects)
          out.writeByteArray(2, message(result -> {
            result.writeByteArray(1, message(own -> own.writeByteArray(11, properties(object))));
            result.writeByteArray(2, metadata(object.path("_additional")));
          }));
      out.writeFloat(1, 0.001f);
    });
  }

  private static byte[] metadata(JsonNode additional) throws IOException {
    return message(out -> {
      out.writeString(1, additional.path("id").textValue());
      JsonNode vector = additional.path("vector");
      if (vector.isArray()) {
        ByteBuffer floats = ByteBuffer.allocate(4 * vector.size()).order(ByteOrder.LITTLE_ENDIAN);
        vector.forEach(number -> floats.putFloat(number.floatValue()));
        out.writeByteArray(19, floats.array());
      }
    });
  }

  private static byte[] properties(JsonNode object) throws IOException {
    return message(out -> {
      for (Map.Entry<String, JsonNode> property : object.properties())
        if (!property.getKey().equals("_additional"))
          out.writeByteArray(1, message(entry -> {
            entry.writeString(1, property.getKey());
            entry.writeByteArray(2, value(property.getKey(), property.getValue()));
          }));
    });
  }

  private static byte[] value(String name, JsonNode value) throws IOException {
    return message(out -> {
      if (value.isArray())
        out.writeByteArray(5, message(list -> list.writeByteArray(8, message(texts -> {
          for (JsonNode text : value)
            texts.writeString(1, text.textValue());
        }))));
      else if (value.isTextual())
        out.writeString(name.equals("last_indexed") ? 6 : 13, value.textValue());
      else if (value.isNumber())
        out.writeInt64(8, value.longValue());
      else
        out.writeEnum(12, 0);
    });
  }
}
