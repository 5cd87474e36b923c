package elysia.coordinator.git;

import elysia.core.source.SourceSpec;

class LocalSourceIT extends GitFixture.Contract {
  @Override
  SourceSpec spec(TestRepository repository) {
    return repository.local();
  }
}
