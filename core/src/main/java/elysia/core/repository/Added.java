package elysia.core.repository;

/// @param created false when the same repository was there already with the same settings
public record Added(boolean created, RepositoryStatus status) {}
