package elysia.coordinator.git;

import elysia.core.source.SourceSpec;

class ClonedSourceIT extends GitFixture.Contract {
  @Override
  SourceSpec spec(TestRepository repository) {
    return repository.cloned();
  }
}
