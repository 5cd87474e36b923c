package elysia.worker.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The model with buffers for one thread at a time, one text per run: on a processor that is a
/// third faster than batches, which pad, and than many threads for one text. All share one session,
/// which is as fast as one for each and loads once.
final class MiniLm {
  static final int DIMENSION = 384;
  static final int MAX_TOKENS = 256;
  private static final String OUTPUT = "last_hidden_state";

  private final OrtEnvironment environment;
  private final OrtSession session;
  /// The model writes here directly, without a copy per text.
  private final FloatBuffer hidden = ByteBuffer.allocateDirect(MAX_TOKENS * DIMENSION * Float.BYTES)
      .order(ByteOrder.nativeOrder()).asFloatBuffer();

  MiniLm(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  static OrtSession session(OrtEnvironment environment, byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return environment.createSession(model, options);
    }
  }

  /// The mean of the token vectors, of length 1.
  ///
  /// @param ids at most [#MAX_TOKENS], special ones included
  float[] embed(long[] ids) throws OrtException {
    int tokens = ids.length;
    long[] shape = {1, tokens};
    long[] mask = new long[tokens];
    Arrays.fill(mask, 1);
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try (
        OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor attention = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.allocate(tokens), shape);
        OnnxTensor output = OnnxTensor.createTensor(environment,
            hidden.slice(0, tokens * DIMENSION), new long[]{1, tokens, DIMENSION})) {
      inputs.put("input_ids", input);
      inputs.put("attention_mask", attention);
      if (session.getInputNames().contains("token_type_ids"))
        inputs.put("token_type_ids", types);
      try (OrtSession.Result _ = session.run(inputs, Map.of(OUTPUT, output))) {
        return mean(tokens);
      }
    }
  }

  private float[] mean(int tokens) {
    float[] mean = new float[DIMENSION];
    float[] row = new float[DIMENSION];
    for (int t = 0; t < tokens; t++) {
      hidden.get(t * DIMENSION, row);
      for (int i = 0; i < DIMENSION; i++)
        mean[i] += row[i];
    }
    double square = 0;
    for (float x : mean)
      square += (double) x * x;
    float scale = (float) (1 / Math.max(Math.sqrt(square), 1e-12));
    for (int i = 0; i < DIMENSION; i++)
      mean[i] *= scale;
    return mean;
  }
}
