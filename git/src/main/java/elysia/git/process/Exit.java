package elysia.git.process;

import java.time.Duration;

/// The end of a run of a program.
public sealed interface Exit {
  /// It ended by itself.
  ///
  /// @param code exit status
  /// @param output of stdout, the first 1 MiB; empty when it was streamed
  /// @param errors of stderr, as UTF-8, its head and tail
  record Finished(int code, String output, String errors) implements Exit {
    public boolean ok() {
      return code == 0;
    }
  }

  /// It was ended, with its children, at the deadline.
  record TimedOut(Duration deadline, String errors) implements Exit {}

  /// It did not come to its end, so that it says nothing: a signal ended it (this node's, when it
  /// stops; the system's, when memory is short), or the machine was short of memory, threads
  /// or files.
  record Interrupted(String reason) implements Exit {}

  /// It never ran: there is no such program, or it cannot be given its arguments.
  record NotFound(String reason) implements Exit {}
}
