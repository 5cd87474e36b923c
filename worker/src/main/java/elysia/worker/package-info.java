/// The front door of the module: what a node starts, and the settings it starts it with. Everything
/// else here is behind the ports of core.
@NullMarked
package elysia.worker;

import org.jspecify.annotations.NullMarked;
