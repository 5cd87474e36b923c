/// A cluster under faults: real processes, a stream of commits and commands, and a comparison of
/// the store with Git at the end.
@NullMarked
package elysia.deploy.chaos;

import org.jspecify.annotations.NullMarked;
