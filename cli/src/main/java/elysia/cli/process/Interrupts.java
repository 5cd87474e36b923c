package elysia.cli.process;

/// Tells a command that the user pressed Ctrl-C.
public interface Interrupts {
  /// Runs the action when the process is interrupted before the registration is closed. The process
  /// ends with 130 by itself (143 after SIGTERM) when the action has returned.
  Registration onInterrupt(Runnable action);

  /// Ends the interest.
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /// Those of this process: the JVM runs its shutdown hooks on SIGINT and ends with 130.
  static Interrupts ofProcess() {
    return action -> {
      Thread hook = new Thread(action, "interrupted");
      Runtime.getRuntime().addShutdownHook(hook);
      return () -> {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) { // the process is ending: the hook runs
        }
      };
    };
  }
}
