package elysia.core.embed;

import java.util.Arrays;

/// A vector. Immutable, compared by value.
public final class Embedding {
  private final float[] values;

  private Embedding(float[] values) {
    this.values = values;
  }

  /// Takes the array over: the caller must not change it afterwards.
  public static Embedding of(float[] values) {
    return new Embedding(values);
  }

  public int dimension() {
    return values.length;
  }

  public float at(int i) {
    return values[i];
  }

  /// A copy.
  public float[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding e && Arrays.equals(values, e.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Embedding[" + values.length + "]";
  }
}
