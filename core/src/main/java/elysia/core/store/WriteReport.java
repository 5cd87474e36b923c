package elysia.core.store;

import java.util.Map;
import java.util.UUID;

/// The outcome of a write that reached the store.
///
/// @param rejected chunks that the store will never take as they are, with its reason; all others
///          are stored, durable and searchable
public record WriteReport(Map<UUID, String> rejected) {
  public static final WriteReport ALL_STORED = new WriteReport(Map.of());

  public WriteReport {
    rejected = Map.copyOf(rejected);
  }
}
