package elysia.core.collection;

import java.util.List;

/// A collection as the API shows it.
///
/// @param managed repositories that the cluster keeps in it
public record CollectionStatus(String name, String vectorizer, String model, int dimension,
    long files, long chunks, List<String> repos, List<String> managed) {}
