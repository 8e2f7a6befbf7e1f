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
    sub(/^[A-Za-z0-9.]*TestAbortedException: */, "", reason)
  }
  if (reason == "") waiting = 1
  else tell(reason)
  next
}

# Of a reason that begins on a later line, the first that says anything.
waiting && /[^[:space:]]/ {
  sub(/^[[:space:]]*/, "")
  tell($0)
}

function tell(reason) {
  sub(/\]\]>.*/, "", reason)
  reasons = reasons "skipped: " test ": " reason "\n"
  waiting = 0
}

END {
  printf "%s", reasons
  printf "%d passed, %d failed, %d skipped\n", tests - failed - skipped, failed, skipped
}
