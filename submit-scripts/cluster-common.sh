# Sourced by start-cluster.sh and stop-cluster.sh, after common.sh.

cluster=$root/target/cluster
mark=-Dfiresteel.cluster=$cluster

# ours PIDFILE: whether that process still runs, and is one that start-cluster.sh started.
ours() {
  local pid line
  pid=$(cat "$1")
  if [ -r "/proc/$pid/cmdline" ]; then
    line=$(tr '\0' ' ' <"/proc/$pid/cmdline")
  else
    line=$(ps -ww -o command= -p "$pid" 2>/dev/null) || return 1
  fi
  # Before exec the child is still this script: count it as ours.
  case $line in *"$mark "* | *start-cluster.sh*) ;; *) return 1 ;; esac
}

# Ends the workers (they end their executors), then the master; kills what is left after 20 seconds.
stop_cluster() {
  local file tries
  for file in "$cluster"/worker-*.pid "$cluster"/master.pid; do
    if [ -e "$file" ] && ours "$file"; then kill "$(cat "$file")" 2>/dev/null || true; fi
  done
  for file in "$cluster"/worker-*.pid "$cluster"/master.pid; do
    [ -e "$file" ] || continue
    tries=0
    while ours "$file"; do
      tries=$((tries + 1))
      if [ $tries -gt 100 ]; then kill -9 "$(cat "$file")" 2>/dev/null || true; fi
      sleep 0.2
    done
    rm -f "$file"
  done
  rm -rf "$cluster/recovery"
}
