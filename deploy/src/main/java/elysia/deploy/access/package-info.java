/// Access to the node: tokens, the owner of the home, and the record of what they changed.
@NullMarked
package elysia.deploy.access;

import org.jspecify.annotations.NullMarked;
