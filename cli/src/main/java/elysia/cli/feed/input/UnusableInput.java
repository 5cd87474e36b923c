package elysia.cli.feed.input;

import java.io.IOException;

/// An input in a format that says nothing of use here, with what to pipe instead.
@SuppressWarnings("serial")
public final class UnusableInput extends IOException {
  private final String instead;

  UnusableInput(String message, String instead) {
    super(message);
    this.instead = instead;
  }

  public String instead() {
    return instead;
  }
}
