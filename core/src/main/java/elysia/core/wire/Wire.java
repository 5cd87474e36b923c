package elysia.core.wire;

/// Marks what is serialized with Jackson CBOR: messages between nodes, events, snapshots.
///
/// A sealed type held as a *component* of a record needs `@JsonTypeInfo(use = NAME)`
/// and `@JsonSubTypes`.
public interface Wire {}
