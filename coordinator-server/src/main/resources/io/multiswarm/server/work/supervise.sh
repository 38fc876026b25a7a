# Runs one command as one process group, and lets nothing of it outlive the runner.
#
#   sh -c "$(cat supervise.sh)" supervise RUN FILE COMMAND [ARGUMENT]...
#
# RUN   an id that nobody else has; in the command's environment as TASK_RUN, which all that it starts inherits
# FILE  the command's standard input
#
# The shell leads a session and a process group of its own; the runner starts it by setsid. Its standard input is a pipe
# whose other end only the runner has. Each line on it is the name of a signal for the whole group. When it ends the runner
# is dead, however it died, and so are its tasks. Exits as the command does, with 128 and the signal's number for a signal.

run=$1 file=$2
shift 2
exec 3<&0 </dev/null

# What has left the group by a session of its own is found by its environment, where the system shows it.
strays() {
  [ -r /proc/self/environ ] || return 0
  for pass in 1 2 3 4 5; do # more than one, for those that are being born
    found=$(grep -lszxF "TASK_RUN=$run" /proc/[0-9]*/environ)
    [ -n "$found" ] || return 0
    for environ in $found; do
      pid=${environ#/proc/}
      kill -s KILL "${pid%/environ}" 2>/dev/null
    done
  done
}

# In the group, for the group lives as long as its last member: its number cannot become somebody else's meanwhile.
(
  trap '' TERM INT HUP QUIT USR1 USR2 PIPE
  exec >/dev/null 2>&1
  while read -r signal <&3; do
    [ "$signal" = KILL ] && break
    kill -s "$signal" -- "-$$"
  done
  strays
  kill -s KILL -- "-$$"
) &
exec 3<&- # so that the runner's pipe breaks when the listener is killed

# A handler and not nothing: what is ignored here would be ignored by the command too.
trap : TERM INT HUP QUIT USR1 USR2 PIPE
env "TASK_RUN=$run" "$@" <"$file"
status=$?
strays
exit $status
