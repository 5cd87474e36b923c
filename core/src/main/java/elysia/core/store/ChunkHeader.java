package elysia.core.store;

import elysia.core.identity.FilePath;
import java.util.UUID;

/// A stored chunk without its text and vector: enough to tell whether it is the right one.
///
/// @param metadata JSON text given by a producer; empty when none
public record ChunkHeader(UUID id, FilePath path, int chunk, int startLine, int endLine,
    String contentHash, String vectorHash, String fileHash, String metadata) {}
