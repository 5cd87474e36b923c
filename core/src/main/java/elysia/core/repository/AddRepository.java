package elysia.core.repository;

import elysia.core.identity.Printable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A request to manage a repository, as a user states it; whatever is absent gets its default.
///
/// @param location URL or absolute local path
/// @param name derived from the location when absent
/// @param collection the repository's own by default
/// @param schedule five-field cron, an interval such as `30m`, or absent
/// @param includePattern globs
/// @param excludePattern globs
/// @param maxFileSize bytes
/// @param vectorizer `embedded`, `openai`, or a Weaviate module
public record AddRepository(String location, Optional<String> name, Optional<String> collection,
    Optional<String> branch, Optional<String> provider,
    Optional<String> schedule, List<String> includePattern, List<String> excludePattern,
    Optional<Long> maxFileSize, Optional<String> vectorizer,
    Optional<String> model) {
  private static final Pattern PROVIDER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  public AddRepository {
    if (location == null || location.isBlank())
      throw new IllegalArgumentException(
          "location: missing (expected: a Git URL or an absolute path)");
    name = name == null ? Optional.empty() : name;
    collection = collection == null ? Optional.empty() : collection;
    branch = branch == null ? Optional.empty() : branch;
    provider = provider == null ? Optional.empty() : provider;
    if (provider.isPresent() && !PROVIDER.matcher(provider.get()).matches())
      throw new IllegalArgumentException("provider: \"" + Printable.of(provider.get())
          + "\" (expected: the name of one in mgit's configuration)");
    schedule = schedule == null ? Optional.empty() : schedule;
    includePattern = includePattern == null ? List.of() : List.copyOf(includePattern);
    excludePattern = excludePattern == null ? List.of() : List.copyOf(excludePattern);
    maxFileSize = maxFileSize == null ? Optional.empty() : maxFileSize;
    vectorizer = vectorizer == null ? Optional.empty() : vectorizer;
    model = model == null ? Optional.empty() : model;
  }
}
