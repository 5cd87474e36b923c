package elysia.coordinator.git;

import elysia.core.source.SourceSpec;
import elysia.testkit.git.TestRepository;

class LocalSourceIT extends GitFixture.Contract {
  @Override
  SourceSpec spec(TestRepository repository) {
    return repository.local();
  }
}
