package io.procession.process;

/// A line that a process has written.
///
/// @param process the process's name
/// @param pid its process id
/// @param isError whether it wrote it to its standard error
/// @param text the line, without its end; one that is too long comes in several pieces
public record OutputLine(String process, long pid, boolean isError, String text) {}
