package elysia.core.feed;

import elysia.core.identity.FilePath;

/// A file that the index holds.
///
/// @param fileHash SHA-256, hex
public record IndexedFile(FilePath path, String fileHash) {}
