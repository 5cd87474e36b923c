package elysia.core.repository;

import java.util.List;
import java.util.Optional;

/// Changes to a managed repository's settings; what is absent stays.
///
/// @param schedule cron, interval, or `none`
/// @param branch empty text for the remote's default
public record UpdateRepository(Optional<String> schedule, Optional<String> branch,
    Optional<List<String>> includePattern, Optional<List<String>> excludePattern,
    Optional<Long> maxFileSize) {
  public UpdateRepository {
    schedule = schedule == null ? Optional.empty() : schedule;
    branch = branch == null ? Optional.empty() : branch;
    includePattern = includePattern == null ? Optional.empty() : includePattern.map(List::copyOf);
    excludePattern = excludePattern == null ? Optional.empty() : excludePattern.map(List::copyOf);
    maxFileSize = maxFileSize == null ? Optional.empty() : maxFileSize;
  }
}
