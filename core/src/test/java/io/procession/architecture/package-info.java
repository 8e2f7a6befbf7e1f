/// The rules of the house as conditions of ArchUnit, apart from what they are applied to, and the
/// classes that break them on purpose.
@NullMarked
package io.procession.architecture;

import org.jspecify.annotations.NullMarked;
