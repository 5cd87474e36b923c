package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/// An object that the server holds.
final class Held {
  final String id;
  final ObjectNode properties;
  final float[] vector;
  /// Order of insertion into the vector index.
  final long number;
  /// Whether it is in the vector index.
  boolean indexed;

  Held(String id, ObjectNode properties, float[] vector, long number, boolean indexed) {
    this.id = id;
    this.properties = properties;
    this.vector = vector;
    this.number = number;
    this.indexed = indexed;
  }

  static float[] vector(JsonNode numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++)
      values[i] = numbers.get(i).floatValue();
    return values;
  }

  boolean sameVector(float[] other) {
    return Arrays.equals(vector, other);
  }

  double distance(float[] other) {
    double dot = 0;
    double own = 0;
    double others = 0;
    for (int i = 0; i < vector.length; i++) {
      dot += (double) vector[i] * other[i];
      own += (double) vector[i] * vector[i];
      others += (double) other[i] * other[i];
    }
    return own == 0 || others == 0 ? 1 : 1 - dot / Math.sqrt(own * others);
  }
}
