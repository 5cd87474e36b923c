package elysia.core.outcome;

/// The value of a call that answers nothing but that it worked.
public enum Unit {
  UNIT;

  public static Outcome<Unit> ok() {
    return Outcome.ok(UNIT);
  }
}
