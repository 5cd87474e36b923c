/// A repository read where it lies.
@NullMarked
package elysia.git.repository;

import org.jspecify.annotations.NullMarked;
