package elysia.core.repository;

import java.util.List;
import java.util.Optional;

/// A part of a long list.
///
/// @param nextCursor give it back for the next page; absent on the last
public record Page<T>(List<T> items, Optional<String> nextCursor) {
  public Page {
    items = List.copyOf(items);
  }
}
