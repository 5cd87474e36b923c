/// What stands beside the modules in `deploy/`, tried as it stands.
@NullMarked
package elysia.deploy.files;

import org.jspecify.annotations.NullMarked;
