package elysia.testkit.openai;

import java.util.Map;

/// The behaviour of the healthy service.
///
/// @param model the only one it knows
/// @param dimension of its vectors
/// @param key bearer token wanted; empty for none
/// @param maxTexts more in a request are answered 413; 0 for any number
/// @param poison a text that contains it is answered 400, with all texts of its request; empty for
///          none
/// @param fatal likewise, 500
/// @param headers sent with every good answer
public record Behaviour(String model, int dimension, String key, int maxTexts, String poison,
    String fatal, Map<String, String> headers) {
  public Behaviour {
    headers = Map.copyOf(headers);
  }

  public static Behaviour of(String model, int dimension) {
    return new Behaviour(model, dimension, "", 0, "", "", Map.of());
  }

  public Behaviour key(String value) {
    return new Behaviour(model, dimension, value, maxTexts, poison, fatal, headers);
  }

  public Behaviour maxTexts(int value) {
    return new Behaviour(model, dimension, key, value, poison, fatal, headers);
  }

  public Behaviour poison(String value) {
    return new Behaviour(model, dimension, key, maxTexts, value, fatal, headers);
  }

  public Behaviour fatal(String value) {
    return new Behaviour(model, dimension, key, maxTexts, poison, value, headers);
  }

  public Behaviour headers(Map<String, String> value) {
    return new Behaviour(model, dimension, key, maxTexts, poison, fatal, value);
  }
}
