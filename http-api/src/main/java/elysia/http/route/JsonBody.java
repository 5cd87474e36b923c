package elysia.http.route;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import elysia.core.identity.Printable;
import elysia.core.json.Json;
import java.io.IOException;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads a request's body, and says in the client's terms what is wrong with it.
final class JsonBody {
  private static final ObjectReader READER = Json.mapper().reader()
      .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private JsonBody() {}

  static <T> T read(byte[] body, Class<T> type) {
    T value;
    try {
      value = READER.forType(type).readValue(body);
    } catch (UnrecognizedPropertyException e) {
      String known = Objects.requireNonNullElse(e.getKnownPropertyIds(), new TreeSet<>()).stream()
          .map(String::valueOf).sorted().collect(Collectors.joining(", "));
      throw new ApiException(400, "unknown_field",
          Printable.of(path(e)) + ": unknown field" + at(e.getLocation()) + " (expected: one of "
              + known + ")",
          "");
    } catch (JsonMappingException e) {
      throw new ApiException(400, "invalid", reason(e), "");
    } catch (JsonProcessingException e) {
      throw new ApiException(400, "bad_json",
          "body: not JSON" + at(e.getLocation()) + ": " + Printable.of(e.getOriginalMessage()), "");
    } catch (IOException e) { // a byte array cannot fail in any other way
      throw new IllegalStateException(e);
    }
    if (value == null)
      throw new ApiException(400, "invalid", "body: null (expected: an object)", "");
    return value;
  }

  /// A constructor's own words say it best; Jackson's are the second choice.
  private static String reason(JsonMappingException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause())
      if (cause instanceof IllegalArgumentException && !(cause instanceof NumberFormatException))
        return Printable.of(String.valueOf(cause.getMessage()));
    if (e.getCause() instanceof NullPointerException)
      return "a required field is missing" + at(e.getLocation());
    String path = path(e);
    return (path.isEmpty() ? "body" : Printable.of(path)) + at(e.getLocation()) + ": "
        + Printable.of(e.getOriginalMessage().replaceAll("`[\\w.$<>\\[\\]]*\\.", "`"));
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null)
        path.append('[').append(step.getIndex()).append(']');
      else
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
    }
    return path.toString();
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
