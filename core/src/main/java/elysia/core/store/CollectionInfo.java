package elysia.core.store;

import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;

/// A collection and the model that makes its vectors.
public record CollectionInfo(CollectionName name, EmbeddingModel model) {}
