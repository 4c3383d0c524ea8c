#!/usr/bin/env bash
# Several machines on this one, for tests: each has a network, process, mount and host name namespace, and all are on one
# Ethernet, whose links can be slowed down, broken and mended. Needs Linux, root, ip, nsenter, unshare, pgrep, gcc and
# /dev/net/tun.
#
#   netlab.sh up HOSTS                         makes hosts h0, h1, ... with addresses 10.77.0.1, 10.77.0.2, ...
#   netlab.sh exec HOST COMMAND...             runs a command there, in the current folder
#   netlab.sh shape HOST|all DELAY_US RATE_MBIT LOSS_PERCENT     the link's one-way delay, rate and loss; 0 for none
#   netlab.sh link HOST up|down                puts the cable in, or pulls it
#   netlab.sh bytes HOST                       the bytes that the host has received and sent
#   netlab.sh kill HOST                        kills all of its processes; the kernel closes their connections
#   netlab.sh poweroff HOST                    the same with the cable pulled first, so that nobody is told
#   netlab.sh boot HOST                        starts it again, with the cable in; what still runs is killed
#   netlab.sh pids HOST                        the numbers of its processes on this machine
#   netlab.sh down                             removes everything
#
# NETLAB names the folder of its state. NETLAB_DISKS names folders, separated by colons, that each host has for itself; all
# other files are shared. The machine's own network is not touched, and the hosts have no route but to each other.
set -euo pipefail
here=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
run=${NETLAB:?the folder of the hosts}

die() {
  echo "netlab.sh: $1" >&2
  exit 1
}

usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# The names of the network namespaces: several laboratories have different ones.
prefix=fs$(printf %s "$run" | cksum | cut -d ' ' -f 1)
ns() { echo "$prefix-$1"; }

address() { echo "10.77.0.$((${1#h} + 1))"; }
pid() { cat "$run/$1.pid" 2>/dev/null || die "there is no host $1"; }
hosts() { for file in "$run"/h*.host; do [ -e "$file" ] && basename "$file" .host; done; }

# boot HOST: starts its first process, which has the other namespaces and is the parent of orphans; its end is the end of all
# of the host's processes.
boot() {
  local host=$1 outer inner tries=0
  if [ -e "$run/$host.pid" ]; then kill -9 "$(cat "$run/$host.pid")" 2>/dev/null || true; fi
  rm -f "$run/$host.pid"
  setsid ip netns exec "$(ns "$host")" unshare --fork --pid --mount --uts bash -c '
    mount -t proc proc /proc
    mount --bind "$1/hosts" /etc/hosts
    IFS=: read -ra disks <<<"$3"
    for folder in "${disks[@]}"; do
      mkdir -p "$folder" "$1/disks/$2$folder"
      mount --bind "$1/disks/$2$folder" "$folder"
    done
    hostname "$2"
    trap : TERM HUP
    while :; do sleep 100000 & wait $!; done' netlab-init "$run" "$host" "${NETLAB_DISKS:-}" </dev/null >/dev/null 2>&1 &
  outer=$!
  until inner=$(pgrep -P "$outer") && [ "$(nsenter -t "$inner" --uts hostname 2>/dev/null)" = "$host" ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || die "$host does not boot"
    sleep 0.05
  done
  echo "$inner" >"$run/$host.pid"
  ip netns exec "$(ns "$host")" ip link set eth0 up
}

up() {
  local n=$1 i host ports=() tries=0
  [ ! -e "$run/hosts" ] || die "it is up already: netlab.sh down"
  mkdir -p "$run"
  gcc -O2 -o "$run/linkd" "$here/linkd.c"
  echo "127.0.0.1 localhost" >"$run/hosts"
  for ((i = 0; i < n; i++)); do
    echo "10.77.0.$((i + 1)) h$i" >>"$run/hosts"
    touch "$run/h$i.host"
  done
  : >"$run/shape"
  for host in $(hosts); do
    ip netns add "$(ns "$host")"
    ip netns exec "$(ns "$host")" ip link set lo up
    # Linux's default, whatever this machine has
    ip netns exec "$(ns "$host")" sh -c 'echo cubic >/proc/sys/net/ipv4/tcp_congestion_control' 2>/dev/null || true
    ports+=("$(ns "$host"):eth0")
    echo "$(ns "$host") 0 0 0" >>"$run/shape"
  done
  setsid "$run/linkd" "$run/shape" "${ports[@]}" </dev/null >"$run/linkd.log" 2>&1 &
  echo $! >"$run/linkd.pid"
  until grep -q configured "$run/linkd.log"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || die "linkd does not start: $(cat "$run/linkd.log")"
    sleep 0.05
  done
  for host in $(hosts); do
    ip -n "$(ns "$host")" addr add "$(address "$host")/24" dev eth0
    ip -n "$(ns "$host")" link set eth0 up txqueuelen 10000
    boot "$host"
  done
}

down() {
  local host name
  for host in $(hosts); do
    if [ -e "$run/$host.pid" ]; then kill -9 "$(cat "$run/$host.pid")" 2>/dev/null || true; fi
    rm -f "$run/$host.pid" "$run/$host.host"
  done
  if [ -e "$run/linkd.pid" ]; then kill "$(cat "$run/linkd.pid")" 2>/dev/null || true; fi
  sleep 0.3
  for name in $(ip netns list | awk -v p="$prefix-" 'index($1, p) == 1 {print $1}'); do ip netns del "$name"; done
  rm -f "$run"/linkd* "$run/shape" "$run/hosts"
}

shape() {
  local host
  for host in $(hosts); do
    if [ "$1" = all ] || [ "$1" = "$host" ]; then
      sed -i "s/^$(ns "$host") .*/$(ns "$host") $2 $3 $4/" "$run/shape"
    fi
  done
  kill -HUP "$(cat "$run/linkd.pid")"
  sleep 0.1
}

verb=${1:-}
shift || usage
case $verb:$# in
  up:1) up "$1" ;;
  down:0) down ;;
  shape:4) shape "$@" ;;
  link:2) ip -n "$(ns "$1")" link set eth0 "$2" ;;
  bytes:1) ip netns exec "$(ns "$1")" awk '/eth0:/ {sub(/.*:/, ""); print $1, $9}' /proc/net/dev ;;
  kill:1) kill -9 "$(pid "$1")" ;;
  poweroff:1)
    ip -n "$(ns "$1")" link set eth0 down
    kill -9 "$(pid "$1")"
    ;;
  boot:1) boot "$1" ;;
  pids:1) pgrep --ns "$(pid "$1")" --nslist pid . || true ;;
  exec:*)
    [ $# -ge 2 ] || usage
    first=$(pid "$1")
    shift
    exec nsenter -t "$first" --net --pid --mount --uts --wdns="$PWD" -- "$@"
    ;;
  *) usage ;;
esac
