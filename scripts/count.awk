# Reads JUnit XML reports, prints why tests were skipped and the closing count.

function attribute(name,    text) {
  if (!match($0, " " name "=\"[^\"]*\"")) return ""
  text = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  gsub(/&#10;/, " ", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text); gsub(/&amp;/, "\\&", text)
  return text
}

/<testsuite / {
  tests += attribute("tests")
  failed += attribute("errors") + attribute("failures")
  skipped += attribute("skipped")
}

/<testcase / { test = attribute("classname") "." attribute("name") }

# The reason is an attribute or the first line of the stack trace.
/<skipped/ {
  reason = attribute("message")
  if (reason == "" && match($0, /CDATA\[/)) {
    reason = substr($0, RSTART + 6)
    sub(/^[A-Za-z0-9.]*TestAbortedException: /, "", reason)
  }
  reasons = reasons "skipped: " test ": " reason "\n"
}

END {
  printf "%s", reasons
  printf "%d passed, %d failed, %d skipped\n", tests - failed - skipped, failed, skipped
}
