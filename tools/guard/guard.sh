#!/bin/sh
# The guard: a process of its own session that outlives its parent by one deed. It reads commands from a pipe whose other
# end only the parent holds; when the pipe closes, however the parent ended, it ends what is still registered.
#
#   watch PID STARTED SIGNAL   end this process, first by SIGNAL, if it is still the one that began at STARTED
#   remove FOLDER              remove this scratch folder last
#
# A shell script because it waits for hours: 2 MB of memory and no start-up time; the same in Node took 70 MB.
set -f
# Whatever our parent was given, sleep and rm must be found.
PATH=/usr/bin:/bin:$PATH
# Somebody who signals the whole process tree means the children; the guard must outlive the parent to end them.
trap '' INT TERM HUP

# Seconds for the gentle signal. Kafka records its class data archive while it stops, 3 s or more.
patience_s=${1:-30}

watched=
folder=

# Sets `started`, empty when the process is gone. A zombie counts as gone.
read_start() {
  started=
  if [ -r /proc/self/stat ]; then
    stat=
    { read -r stat < "/proc/$1/stat"; } 2>/dev/null
    # The second field, the name in brackets, may hold spaces; the twentieth after it is the start time.
    set -- ${stat##*) }
    case ${1:-Z} in Z | X) ;; *) started=${20:-} ;; esac
  else
    started=$(ps -o lstart= -p "$1" | tr -s ' \n' '_' | sed 's/^_//; s/_$//')
  fi
}

# An entry is PID,STARTED,SIGNAL.
is_same() {
  read_start "${1%%,*}"
  rest=${1#*,}
  [ -n "$started" ] && [ "$started" = "${rest%,*}" ]
}

signal_all() {
  for entry in $watched; do
    if is_same "$entry"; then kill -s "${1:-${entry##*,}}" "${entry%%,*}"; fi
  done
}

is_any_alive() {
  for entry in $watched; do
    if is_same "$entry"; then return 0; fi
  done
  return 1
}

while IFS= read -r line; do
  set -- $line
  case $1 in
    watch) watched="$watched $2,$3,$4" ;;
    remove) folder=${line#remove } ;;
  esac
done

# Waits until all are gone, at most so many seconds.
wait_for_all() {
  waited=0
  while is_any_alive && [ "$waited" -lt $(($1 * 5)) ]; do
    sleep 0.2
    waited=$((waited + 1))
  done
}

signal_all ''
wait_for_all "$patience_s"
signal_all KILL
wait_for_all 5
# Twice: a process that dies may write its last file while the first pass removes the others.
if [ -n "$folder" ]; then rm -rf -- "$folder" || { sleep 1; rm -rf -- "$folder"; }; fi
