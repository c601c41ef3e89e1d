# Shared by the measurements: processes, ports and medians. `me` is the name of the sourcing script.

is_json=false

fail() { echo "$me: $*" >&2; exit 2; }
say() { if $is_json; then echo "$*" >&2; else echo "$*"; fi; }

# number NAME TEXT: prints TEXT if it is a whole number above 0.
number() {
  [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || fail "$1 must be a whole number, 1 or more, not '$2'"
  echo "$2"
}

need_programs() {
  local program
  for program in "$@"; do
    [ -x "$program" ] || fail "$program is missing: build first"
  done
}

directory=$(mktemp -d)
journals=""  # where journals are, see make_journals
pid=""       # of the running gateway or relay

# Ends the process; kills it where it does not end within 10 s, which is more than a gateway takes.
end_process() {
  [ -n "$pid" ] || return 0
  kill "$pid" 2>/dev/null || true
  for _ in {1..200}; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  pid=""
}
trap 'end_process; rm -rf "$directory" ${journals:+"$journals"}' EXIT
trap 'exit 2' INT TERM HUP

# make_journals DIRECTORY: a directory in it, removed at the end. Sets `file_system` and `device`.
make_journals() {
  journals=$(mktemp -d "$1/bench-journal-XXXXXX") || fail "cannot make a directory in $1"
  read -r file_system device < <(df --output=fstype,source "$journals" | tail -n 1)
  if [ "$file_system" = tmpfs ]; then echo "$me: $1 is memory, where a sync costs nothing: give --disk=DIRECTORY of a real disk" >&2; fi
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range of outgoing connections.
used_ports=" "
free_port() {
  local port
  for _ in {1..200}; do
    port=$((15000 + RANDOM % 15000))
    [[ $used_ports == *" $port "* ]] && continue
    answers "$port" && continue
    used_ports+="$port "
    free=$port
    return
  done
  fail "no free port found"
}

# await PORT NAME: for 5 minutes, because a start with a large journal takes long.
await() {
  for _ in {1..15000}; do
    answers "$1" && return
    kill -0 "$pid" 2>/dev/null || fail "$2 has ended: $(tail -n 3 "$directory/log")"
    sleep 0.02
  done
  fail "$2 does not listen on port $1"
}

# start_gateway PROGRAM [OPTION...]: with the ports `gateway_port` and `bank_port`.
start_gateway() {
  "$1" --upstreamHost=127.0.0.1 --upstreamPort="$bank_port" --listenPort="$gateway_port" --maxQueue=10000 --silent "${@:2}" >"$directory/log" 2>&1 &
  pid=$!
  await "$gateway_port" "the gateway"
}

# Prints the value of a member of each object on standard input, rounded.
value() { sed -n "s/.*\"$1\":\([0-9.eE+-]*\).*/\1/p" | awk '{printf "%.2f\n", $1}'; }

# median NAME CLIENTS MEMBER
median() {
  value "$3" <"$directory/$1.$2" | sort -n |
    awk '{v[NR] = $1} END {printf "%.2f\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}
