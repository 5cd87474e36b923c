package elysia.deploy.node;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signals that end the process, before the JVM begins to shut down. ONNX Runtime has a
/// shutdown hook of its own that takes its library from under a model which is being loaded or runs;
/// the process dies of that, and hooks have no order.
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  /// Those by which the JVM ends in order.
  private static final List<String> ENDING = List.of("TERM", "INT", "HUP");
  /// Added to a signal's number, it is the status of a process that ended by it.
  private static final int BY_SIGNAL = 128;

  private Signals() {}

  /// @param end is given the status, on a thread of its own for each signal; ends the process
  static void handle(IntConsumer end) {
    for (String name : ENDING)
      try {
        handle(name, end);
      } catch (ReflectiveOperationException e) { // then the JVM ends by itself, as it did
        LOG.debug("SIG{} stays with the JVM", name, e);
      }
  }

  /// By reflection: javac warns of each use of `sun.misc`, and of what it warns the build fails.
  private static void handle(String name, IntConsumer end) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object signal = type.getConstructor(String.class).newInstance(name);
    int status = BY_SIGNAL + (int) type.getMethod("getNumber").invoke(signal);
    Object handling = Proxy.newProxyInstance(Signals.class.getClassLoader(),
        new Class<?>[]{handler}, (_, method, _) -> {
          if (method.getName().equals("handle"))
            Thread.ofPlatform().name("end").daemon(false).start(() -> end.accept(status));
          return null;
        });
    type.getMethod("handle", type, handler).invoke(null, signal, handling);
  }
}
