package elysia.worker.onnx;

import com.typesafe.config.Config;

/// Settings of the embedded model.
///
/// @param sessions how many texts are embedded at the same time, one thread each; 0 for one per
///          processor
/// @param batchPerSession texts for each of them in one call of the worker
public record OnnxSettings(int sessions, int batchPerSession) {
  public OnnxSettings {
    if (sessions < 0 || sessions > 1024)
      throw new IllegalArgumentException("sessions: " + sessions + " (expected: 0..1024)");
    if (batchPerSession < 1 || batchPerSession > 1024)
      throw new IllegalArgumentException(
          "batch-per-session: " + batchPerSession + " (expected: 1..1024)");
  }

  /// Reads `elysia.worker.onnx`.
  public static OnnxSettings from(Config root) {
    Config c = root.getConfig("elysia.worker.onnx");
    return new OnnxSettings(c.getInt("sessions"), c.getInt("batch-per-session"));
  }

  int threads() {
    return sessions == 0 ? Runtime.getRuntime().availableProcessors() : sessions;
  }
}
