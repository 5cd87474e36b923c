package elysia.core.change;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import elysia.core.change.Field.Scope;
import elysia.core.change.JsonText.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the JSON object of a line into fields, with memory for the content and little else.
/// Not thread-safe.
final class ObjectReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NAMES = 10_000;
  private static final int MAX_NAME = 1_000;
  private static final int MAX_TEXT = 65_536;
  private static final int MAX_WORD = 256;
  private static final int MAX_METADATA = 65_536;
  // Names come from anywhere: they are not interned, and many of one hash are no error.
  private static final JsonFactory JSON = JsonFactory.builder()
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
      .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
      .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(2 * MAX_DEPTH)
          .maxNameLength(MAX_NAME).maxNumberLength(MAX_NAME).maxStringLength(MAX_TEXT).build())
      .build();

  final RawFields line = new RawFields(Scope.LINE);
  final RawFields data = new RawFields(Scope.DATA);
  final RawFields changeset = new RawFields(Scope.CHANGESET);
  private byte[] bytes = new byte[0];
  private int from;
  private int to;
  private int names;
  private String timeText = "";
  private Instant time = Instant.EPOCH;

  /// More than a line may have.
  private static final class TooMuch extends IOException {
    final Fault fault;

    TooMuch(Fault fault) {
      super(fault.wrong());
      this.fault = fault;
    }
  }

  /// Fills the fields; what is wrong with single values is noted in them.
  ///
  /// @param from index of the opening brace
  /// @return what is wrong with the JSON, null if it is one well-formed object
  @Nullable
  Fault read(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    names = 0;
    line.clear();
    data.clear();
    changeset.clear();
    Fault fault = JsonText.fault(bytes, from, to);
    if (fault != null)
      return fault;
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      parser.nextToken();
      object(parser, line);
      return parser.nextToken() == null
          ? null
          : new Fault(start(parser), "something follows the object", "one object per line");
    } catch (TooMuch e) {
      return e.fault;
    } catch (StreamConstraintsException e) {
      return new Fault(from, "a name, number or value is too long",
          "names and numbers up to " + MAX_NAME + " characters, values other than content up to "
              + MAX_TEXT);
    } catch (JsonEOFException e) {
      return new Fault(to, "the line ends in the middle of its JSON object", "all of it in a line");
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      return new Fault((int) Math.min(to, from + offset), "not JSON: " + e.getOriginalMessage(),
          "a JSON object (RFC 8259)");
    } catch (IOException e) {
      return new Fault(from, "not JSON: " + e.getMessage(), "a JSON object (RFC 8259)");
    }
  }

  private void object(JsonParser parser, RawFields fields) throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      countName(parser);
      Field field = fields.scope.field(name);
      if (field == null) {
        if (!fields.unknown.add(name))
          fields.fault(null, name + ": given twice", "each field once");
        parser.nextToken();
        pass(parser, fields);
        continue;
      }
      if (!fields.seen.add(field))
        fields.fault(field, name + ": given twice, or once under each of its names",
            "each field once");
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NULL)
        continue;
      fields.given.add(field);
      value(parser, fields, field, name, token);
    }
  }

  private void value(JsonParser parser, RawFields fields, Field field, String name, JsonToken token)
      throws IOException {
    switch (field) {
      case SIZE -> size(parser, fields, name, token);
      case METADATA -> metadata(parser, fields, name, token);
      case SKIP_INDEX -> fields.skipIndex = truth(parser, fields, field, name, token);
      case IS_TRUNCATED -> fields.truncated = truth(parser, fields, field, name, token);
      case NEW_CHANGESET -> nested(parser, fields, field, name, token, changeset);
      case DATA -> {
        if (token == JsonToken.START_OBJECT)
          object(parser, data);
        else
          pass(parser, fields);
      }
      default -> {
        if (field.idle())
          pass(parser, fields);
        else if (token != JsonToken.VALUE_STRING)
          mismatch(parser, fields, field, name, "a string");
        else
          text(parser, fields, field, name);
      }
    }
  }

  private void text(JsonParser parser, RawFields fields, Field field, String name)
      throws IOException {
    switch (field) {
      case CONTENT -> {
        byte[] utf8 = JsonText.string(bytes, start(parser), to);
        fields.content = utf8 == null ? null : Bytes.of(utf8);
      }
      case CONTENT_BASE64 -> base64(parser, fields, name);
      case REPO -> fields.repo = parser.getText();
      case OP -> fields.op = parser.getText();
      case PATH -> fields.path = parser.getText();
      case NEW_PATH -> fields.newPath = parser.getText();
      case CONTENT_REF -> fields.ref = parser.getText();
      case CONTENT_HASH -> fields.hash = parser.getText();
      case MIME -> fields.mime = word(fields, field, name, parser.getText());
      case CHARSET -> fields.charset = word(fields, field, name, parser.getText());
      case COMMIT -> fields.commit = word(fields, field, name, parser.getText());
      case BRANCH -> fields.branch = word(fields, field, name, parser.getText());
      case EVENT -> fields.event = parser.getText();
      case TIMESTAMP -> timestamp(fields, name, parser.getText());
      default -> throw new IllegalStateException(field + " is no text");
    }
  }

  private static String word(RawFields fields, Field field, String name, String text) {
    boolean good = !text.isEmpty() && text.length() <= MAX_WORD;
    for (int i = 0; good && i < text.length(); i++)
      good = !Character.isISOControl(text.charAt(i));
    if (!good)
      fields.fault(field, name + ": \"" + text + "\"",
          "1 to " + MAX_WORD + " characters, no control characters");
    return text;
  }

  @SuppressWarnings("ByteBufferBackingArray") // the decoder's buffer begins where its array does
  private void base64(JsonParser parser, RawFields fields, String name) throws IOException {
    ByteBuffer encoded = JsonText.view(bytes, start(parser), to);
    if (encoded == null)
      return;
    try {
      if (encoded.remaining() % 4 != 0) // Java's decoder does without padding
        throw new IllegalArgumentException(
            "its " + encoded.remaining() + " characters are no fours");
      fields.decoded = Bytes.of(array(Base64.getDecoder().decode(encoded)));
    } catch (IllegalArgumentException e) {
      fields.fault(Field.CONTENT_BASE64, name + ": " + e.getMessage(),
          "Base64 with padding and without line ends (RFC 4648, section 4)");
    }
  }

  /// All of a buffer, without a copy where it is all of its array.
  private static byte[] array(ByteBuffer buffer) {
    if (buffer.arrayOffset() == 0 && buffer.remaining() == buffer.array().length)
      return buffer.array();
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  private void timestamp(RawFields fields, String name, String text) {
    if (!text.equals(timeText)) {
      try {
        time = OffsetDateTime.parse(text).toInstant();
        timeText = text;
      } catch (DateTimeException e) {
        fields.fault(Field.TIMESTAMP, name + ": " + text, "RFC 3339, like 2026-01-31T12:00:00Z");
        return;
      }
    }
    fields.timestamp = time;
  }

  private void size(JsonParser parser, RawFields fields, String name, JsonToken token)
      throws IOException {
    boolean fits = token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
        && parser.getLongValue() >= 0;
    if (fits)
      fields.size = parser.getLongValue();
    else
      mismatch(parser, fields, Field.SIZE, name, "a whole number of bytes from 0 to 2^63-1");
  }

  private boolean truth(JsonParser parser, RawFields fields, Field field, String name,
      JsonToken token)
      throws IOException {
    if (!token.isBoolean())
      mismatch(parser, fields, field, name, "true or false");
    return token == JsonToken.VALUE_TRUE;
  }

  private void nested(JsonParser parser, RawFields fields, Field field, String name,
      JsonToken token,
      RawFields inner) throws IOException {
    if (token == JsonToken.START_OBJECT)
      object(parser, inner);
    else
      mismatch(parser, fields, field, name, "an object");
  }

  private void metadata(JsonParser parser, RawFields fields, String name, JsonToken token)
      throws IOException {
    if (token != JsonToken.START_OBJECT) {
      mismatch(parser, fields, Field.METADATA, name, "an object");
      return;
    }
    int start = start(parser);
    pass(parser, fields);
    int length = from + (int) parser.currentLocation().getByteOffset() - start;
    if (length > MAX_METADATA)
      fields.fault(Field.METADATA, name + ": " + length + " bytes", "at most " + MAX_METADATA);
    else
      fields.metadata = new String(bytes, start, length, StandardCharsets.UTF_8);
  }

  private void mismatch(JsonParser parser, RawFields fields, Field field, String name,
      String expected)
      throws IOException {
    String found = switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      default -> parser.getText();
    };
    fields.fault(field, name + ": " + found, expected);
    pass(parser, fields);
  }

  /// Moves to the end of the current value; a name that comes twice in one of its objects is a
  /// fault wherever it is.
  private void pass(JsonParser parser, RawFields fields) throws IOException {
    JsonToken token = parser.currentToken();
    if (!token.isStructStart())
      return;
    Deque<Set<String>> open = new ArrayDeque<>();
    while (true) {
      if (token.isStructStart()) {
        open.push(new HashSet<>());
        if (parser.getParsingContext().getNestingDepth() > MAX_DEPTH)
          throw new TooMuch(new Fault(start(parser), "values inside of values", "at most "
              + MAX_DEPTH + " deep"));
      } else if (token.isStructEnd()) {
        open.pop();
        if (open.isEmpty())
          return;
      } else if (token == JsonToken.FIELD_NAME) {
        countName(parser);
        if (!open.element().add(parser.currentName()))
          fields.fault(null, parser.currentName() + ": given twice", "each name once in an object");
      }
      token = parser.nextToken();
    }
  }

  private void countName(JsonParser parser) throws TooMuch {
    if (++names > MAX_NAMES)
      throw new TooMuch(new Fault(start(parser), "more than " + MAX_NAMES + " names",
          "a change of one file"));
  }

  private int start(JsonParser parser) {
    return from + (int) parser.currentTokenLocation().getByteOffset();
  }

  /// Where a field's value begins, for a message: found by reading the line again.
  int find(RawFields fields, @Nullable Field field) {
    if (field == null)
      return from;
    int found = from;
    int depth = 0;
    int wanted = fields == line ? 1 : 2;
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart())
          depth++;
        else if (token.isStructEnd())
          depth--;
        else if (token == JsonToken.FIELD_NAME && depth == wanted
            && fields.scope.field(parser.currentName()) == field) {
          parser.nextToken();
          found = start(parser);
          if (parser.currentToken().isStructStart())
            depth++;
        }
      }
      return found;
    } catch (IOException e) { // the fault is known, only its position is not
      return found;
    }
  }
}
