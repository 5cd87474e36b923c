package elysia.core.auth;

/// A token that was just made: the only time that its text is told.
public record NewToken(String token, TokenInfo info) {
  @Override
  public String toString() {
    return "NewToken[" + info + "]";
  }
}
