package io.procession.process;

import io.procession.serial.Handle;
import java.util.List;

/// What starts a child once more, without the archive of classes that it was given, if it dies of that
/// before anything of it has run: nobody has seen it then, and nothing is done twice.
///
/// @param name its name
/// @param plan what JVM it has
/// @param at where its launch record is, in memory that its parent gives back at its end
/// @param length how long it is
/// @param handles those in the record
record SecondStart(String name, LaunchPlan plan, long at, int length, List<Handle> handles) {}
