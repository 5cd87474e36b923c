package elysia.coordinator.repository;

/// What a repository's actor is doing; one thing at a time.
enum Activity {
  IDLE, PULLING, PREPARING, SYNCING, VERIFYING, REMOVING
}
