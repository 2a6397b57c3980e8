#!/bin/sh
# For cron, every minute: publish when something was edited, or when the hour has come that `next` named.
# Otherwise nothing is done: no Python starts, nobody is logged in anywhere.
# Usage: publish-when-due.sh PROJECT TARGET
set -eu
cd "$1"
mkdir -p .cache
due=.cache/due
# A publication that takes longer than a minute is not joined by the next.
exec 9>"$due.lock"
flock --nonblock 9 || exit 0
# The file holds the hour; its own time says up to when edits are published.
if [ -e "$due" ] && [ -z "$(find content theme publishconf.py pelicanconf.py -newer "$due" -print -quit)" ]; then
    next=$(cat "$due")
    [ -n "$next" ] && [ "$(date --date="$next" +%s)" -le "$(date +%s)" ] || exit 0
fi
# What is edited, or comes due, while this publication is under way is still to come: it is not missed.
touch "$due.since"
python3 tasks.py publish "$2"
PRESSROOM_NOW=$(date --utc --reference="$due.since" '+%Y-%m-%dT%H:%M:%SZ') python3 tasks.py next >"$due.new"
touch --reference="$due.since" "$due.new"
mv "$due.new" "$due"
