package elysia.bench.start;

/// The least that a JVM can do.
public final class Nothing {
  private Nothing() {}

  public static void main(String[] args) {
    if (args.length > 0)
      throw new IllegalArgumentException("arguments: " + args.length + " (expected: none)");
  }
}
