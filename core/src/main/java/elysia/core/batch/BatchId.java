package elysia.core.batch;

import elysia.core.wire.Wire;

/// Names one batch of one run.
///
/// @param run unique for each start of a run: after a crash the same changes travel under another
///          run
/// @param number from 0
public record BatchId(String run, int number) implements Wire {
  @Override
  public String toString() {
    return run + "/" + number;
  }
}
