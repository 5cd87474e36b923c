package elysia.core.change;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Inputs that a fuzzer finds by the branches they reach. Every build runs the corpus beside this
/// class, which has each input that once showed something; the chaos profile looks for new ones for
/// ten minutes.
class GuidedFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void anyInputIsReadAndEveryByteBelongsToALine(byte[] input) {
    elysia.core.change.FuzzTest.check(input);
  }
}
