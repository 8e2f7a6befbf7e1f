/// The programs of the guide: what stands in `docs/guide` is cut from them, and they are run by its
/// test. A region goes from `// [name]` to the next such line.
@NullMarked
package io.procession.examples.guide;

import org.jspecify.annotations.NullMarked;
