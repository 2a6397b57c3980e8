# The other side of an ssh target. It holds the lock, and does what it is told, one line at a time:
#
#   make NAME     a folder NAME.part for rsync; answers with the name, which may have got an ordinal
#   switch NAME   NAME.part becomes the version NAME and goes live; answers with the paths that went
#   tidy          writes the history down and drops old versions; answers with what could not be done
#   rollback      back to the version before; answers with its name, or with nothing
#   here          answers
#   beat          a sign of life, without an answer
#
# Answers are lines that begin with «line », and then «ok» or «fail …». The first answer, to nothing,
# is the live version. The layout is that of folder.py. Needs bash, flock, rsync and GNU coreutils.
# It ends when the connection does, and the kernel lets go of the lock.

link=$1 patience=$2 owner=$3 kept=$4 silence=$5
set -u
umask 022
export LC_ALL=C

parent=$(dirname -- "$link")
name=$(basename -- "$link")
versions=$parent/.$name.versions
lock=$parent/.$name.lock
asset='^static/(.+/)?[^/]+\.[0-9a-f]{8,64}\.(css|js|mjs|woff2)(\.(br|gz))?$'

say() { printf '%s\n' "$*"; }
lines() { sed 's/^/line /'; }

for tool in flock rsync mv ln sync readlink find comm; do
  if ! command -v "$tool" >/dev/null; then say "fail $tool is missing"; exit 1; fi
done

live() {
  local goal
  goal=$(readlink -- "$link") || return 0
  goal=${goal##*/}
  if [ -d "$versions/$goal" ]; then say "$goal"; fi
}

stranger() {
  local goal
  if [ -L "$link" ]; then
    goal=$(readlink -- "$link")
    [ "${goal%/*}" != ".$name.versions" ] && [ "${goal%/*}" != "$versions" ]
  elif [ -d "$link" ]; then
    [ -n "$(ls -A -- "$link")" ]
  else
    [ -e "$link" ]
  fi
}

remember() {  # remember NAME…: the history, oldest first
  { [ $# -eq 0 ] || printf '%s\n' "$@"; } > "$versions/history.next" &&
    sync "$versions/history.next" && mv -T -- "$versions/history.next" "$versions/history"
}

keep_only() {  # keep_only NAME…: all else goes from the versions, but for one folder, the spare one
  local entry base keep
  for entry in "$versions"/* "$versions"/.[!.]*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    base=${entry##*/}
    case $base in history | spare) continue ;; esac
    for keep in "$@"; do
      case $base in "$keep" | "$keep.files" | "$keep.assets") continue 2 ;; esac
    done
    if [ -d "$entry" ] && [ ! -L "$entry" ] && [ ! -e "$versions/spare" ]; then
      mv -T -- "$entry" "$versions/spare" || return 1
    else
      rm -rf -- "$entry" || return 1
    fi
  done
}

history=()
heal() {
  local entry current lines=() found=()
  current=$(live)
  [ -f "$versions/history" ] && mapfile -t lines < "$versions/history"
  for entry in ${lines[@]+"${lines[@]}"}; do
    [ -d "$versions/$entry" ] || continue
    found+=("$entry")
    [ "$entry" = "$current" ] && break
  done
  if [ -z "$current" ]; then
    history=()
  elif [ ${#found[@]} -gt 0 ] && [ "${found[${#found[@]} - 1]}" = "$current" ]; then
    history=("${found[@]}")
  else
    history=(${found[@]+"${found[@]}"} "$current")
  fi
  trim
  remember ${history[@]+"${history[@]}"}
}

trim() { while [ ${#history[@]} -gt "$kept" ]; do history=("${history[@]:1}"); done; }

files_of() { (cd -- "$versions/$1" && find . -type f | sed 's|^\./||' | sort); }

carry_assets() {  # the theme of the kept versions, for whoever has an older page open
  local record version path part=$versions/$1.part
  files=$(cd -- "$part" && if [ -d static ]; then find static -type f; fi) || return 1
  grep -E -- "$asset" <<< "$files" > "$versions/$1.assets" || [ $? -eq 1 ] || return 1
  for record in "$versions"/*.assets; do
    version=${record%.assets}
    [ -d "$version" ] || continue
    while IFS= read -r path; do
      if [ -e "$part/$path" ] || [ ! -f "$version/$path" ]; then continue; fi
      mkdir -p -- "$part/${path%/*}" && ln -- "$version/$path" "$part/$path" || return 1
    done < "$record"
  done
}

point() {  # let the link lead to a version, in one step
  if [ ! -L "$link" ] && [ -d "$link" ]; then rmdir -- "$link" || return 1; fi
  ln -sfn -- ".$name.versions/$1" "$parent/.$name.next" && mv -T -- "$parent/.$name.next" "$link"
}

make() {
  local instant=${1%%-*} tree=${1#*-} number=0 free=$1
  while [ -e "$versions/$free" ]; do
    number=$((number + 1))
    free=$instant.$number-$tree
  done
  # The version dropped last is almost what the next one will be; rsync makes it the same.
  if [ -d "$versions/spare" ]; then
    mv -T -- "$versions/spare" "$versions/$free.part" && say "$free"
  else
    mkdir -- "$versions/$free.part" && say "$free"
  fi
}

switch() {
  carry_assets "$1" && sync -f "$versions/$1.part" &&
    mv -T -- "$versions/$1.part" "$versions/$1" && point "$1"
}

say_removed() {
  if [ -n "$1" ]; then comm -23 <(files_of "$1") <(files_of "$2"); fi
}

case $link in
  */*) mkdir -p -- "$parent" || { say "fail mkdir $parent"; exit 1; } ;;
esac
if stranger; then say stranger; exit 1; fi
error=$( { mkdir -p -- "$versions" && : >> "$lock"; } 2>&1) || { say "fail ${error//$'\n'/; }"; exit 1; }
exec 9< "$lock"
if ! flock -w "$patience" 9; then say "busy $(head -c 400 -- "$lock")"; exit 1; fi
printf '%s' "$owner" > "$lock"
trap ': > "$lock"' EXIT
error=$(heal 2>&1 > /dev/null) || { say "fail ${error//$'\n'/; }"; exit 1; }
heal
current=$(live)
say "line $current"
say ok

while IFS=' ' read -r -t "$silence" verb argument; do
  case $verb in
    beat) continue ;;
    here) answer= ;;
    make) answer=$(keep_only ${history[@]+"${history[@]}"} 2>&1 && make "$argument" 2>&1) ;;
    switch) answer=$(switch "$argument" 2>&1 > /dev/null) ;;
    tidy)
      answer=$(
        history=(${history[@]+"${history[@]}"} "$(live)")
        trim
        { sync "$parent" && remember "${history[@]}" && keep_only "${history[@]}"; } 2>&1 > /dev/null
      ) || true
      ;;
    rollback)
      answer=
      if [ ${#history[@]} -ge 2 ]; then
        good=${history[${#history[@]} - 2]}
        answer=$(point "$good" 2>&1 && remember "${history[@]:0:${#history[@]} - 1}" 2>&1) && answer=$good
      fi
      ;;
    *) answer="unknown: $verb"; false ;;
  esac
  if [ $? -ne 0 ]; then
    rm -rf -- "$versions"/*.part "$versions/spare"
    say "fail ${answer//$'\n'/; }"
    exit 1
  fi
  case $verb in
    switch) say_removed "$current" "$argument" | lines ;;
    rollback)
      if [ -n "$answer" ]; then
        say "line $answer"
        say_removed "$current" "$answer" | lines
      fi
      ;;
    *) [ -z "$answer" ] || lines <<< "$answer" ;;
  esac
  say ok
done
