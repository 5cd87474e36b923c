package elysia.coordinator.process;

import java.time.Duration;

/// How a run of a program ended.
public sealed interface Exit {
  /// It ended by itself.
  ///
  /// @param code
  ///          exit status; 128 + n when signal n ended it
  /// @param output
  ///          of stdout, as UTF-8, the first 1 MiB; empty when it was streamed
  /// @param errors
  ///          of stderr, as UTF-8, its head and tail
  record Finished(int code, String output, String errors) implements Exit {
    public boolean ok() {
      return code == 0;
    }
  }

  /// It was ended, with its children, at the deadline.
  record TimedOut(Duration deadline, String errors) implements Exit {}

  /// It never ran: there is no such program, or the system does not let us.
  record NotFound(String reason) implements Exit {}
}
