#!/bin/sh
# Runs a server, and ends it when told to or when the process that needs it is gone, however that one ended.
#   supervise.sh OWNER-PID SIGNAL FOLDER COMMAND...
# SIGNAL is the server's own way to stop soon and cleanly; FOLDER is its data, named in its command line.
owner=$1 signal=$2 folder=$3
shift 3

# A predecessor that is still ending would hold the data: it goes first. One without a command line has ended and waits to be reaped,
# and PostgreSQL takes it for alive until then: the pid file goes when nobody reaps it, as in a container without an init.
command_line() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" || ps -o args= -p "$1" 2>/dev/null; }
holds_data() { kill -0 "$1" 2>/dev/null && case $(command_line "$1") in *"$folder"* | '') true ;; *) false ;; esac; }
if [ -f "$folder/server.pid" ]; then
  previous=$(cat "$folder/server.pid")
  waited=0
  while [ $waited -lt 100 ] && holds_data "$previous"; do
    case $waited in
      0) kill -s "$signal" "$previous" 2>/dev/null ;;
      50) kill -KILL "$previous" 2>/dev/null ;;
    esac
    waited=$((waited + 1))
    sleep 0.1
  done
  if [ $waited -eq 100 ]; then rm -f "$folder/data/postmaster.pid"; fi
fi

"$@" &
server=$!
echo $server >"$folder/server.pid"
trap 'kill -s "$signal" $server 2>/dev/null' TERM INT HUP

# A kill -9 of the owner is seen by nobody else. The watcher keeps no output open, or readers would wait for its sleep.
(
  trap - TERM INT HUP
  while kill -0 "$owner" 2>/dev/null; do sleep 1; done
  kill -s "$signal" $server 2>/dev/null
) >/dev/null 2>&1 &
watcher=$!

# A trapped signal ends a wait early: wait until the server itself is gone.
wait $server
status=$?
while kill -0 $server 2>/dev/null; do
  wait $server
  status=$?
done
kill $watcher 2>/dev/null
rm -f "$folder/server.pid"
exit $status
