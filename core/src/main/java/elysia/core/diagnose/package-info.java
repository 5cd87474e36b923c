/// What is wrong with a repository, looked at with care, in words for the person who can mend it.
@NullMarked
package elysia.core.diagnose;

import org.jspecify.annotations.NullMarked;
